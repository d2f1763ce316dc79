import { expect, test } from 'vitest'

import { atMost } from './demands.ts'
import type { Section } from './report.ts'
import { demandsSection, describeGaps } from './summary.ts'
import { renderSection } from './table.ts'

const section = (demands: Section['demands']): Section => ({
  scenario: 'save',
  title: '',
  columns: [],
  rows: [],
  notes: [],
  demands,
})

test('the demands of all scenarios are one table, the missed ones with where the time goes', () => {
  const found = demandsSection([
    section([
      atMost('Save: × a bare spawn', [1.6, 1.8, 2.0], 1.5, [
        ['stop', 12.4],
        ['program', 60],
        ['spawn', 0.2],
      ]),
    ]),
    section([
      atMost('Orphans, ever', [0], 0, [['stop', 3]]),
      atMost('Blocked builds', [2], 0),
      atMost('Start', [], 1),
    ]),
  ])
  expect(renderSection(found)).toBe(`## Demands

| demand               |         measured | at most |           verdict |
| -------------------- | ---------------: | ------: | ----------------: |
| Save: × a bare spawn | 1.80 (1.70–1.90) |     1.5 | MISSED, 20 % over |
| Orphans, ever        |             0.00 |       0 |               met |
| Blocked builds       |             2.00 |       0 |            MISSED |
| Start                |                – |       1 |      not measured |

- Save: × a bare spawn: program 60 ms, stop 12 ms
`)
})

test('a gap that comes up in every round is named once', () => {
  const gap = { scenario: 'tree', tool: 'wireit', because: 'hung: killed after 60 s' }
  expect(describeGaps([gap, gap])).toEqual(['tree: wireit: hung: killed after 60 s'])
})
