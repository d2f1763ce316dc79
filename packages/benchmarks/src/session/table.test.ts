import { expect, test } from 'vitest'

import { count, figure, none, text } from './report.ts'
import { spreadOf } from './statistics.ts'
import { renderSection } from './table.ts'

test('a section is a table with what is to be said of it', () => {
  const rendered = renderSection({
    scenario: 'save',
    title: 'Save to ready',
    columns: ['tool', 'ms', 'missed', 'how'],
    rows: [
      ['singletrack', figure(spreadOf([90, 100, 120])), count(0), text('port')],
      ['nodemon', figure(spreadOf([131])), count(1), none('–')],
      ['turbo watch', figure(spreadOf([])), count(2), none('–')],
    ],
    notes: ['Rounds: 3.'],
    demands: [],
  })
  expect(rendered).toBe(`## Save to ready

| tool        |           ms | missed |  how |
| ----------- | -----------: | -----: | ---: |
| singletrack | 100 (95–110) |      0 | port |
| nodemon     |          131 |      1 |    – |
| turbo watch |            – |      2 |    – |

- Rounds: 3.
`)
})
