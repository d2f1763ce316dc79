import { expect, test } from 'vitest'

import { race } from './race.ts'
import { stress } from './stress.ts'

test('eight processes, killed and stopped at random, are never two inside', async () => {
  const report = await stress({ seconds: 8, entriesMin: 1, workers: 8, stopMsMax: 700 })
  expect(report).toMatchObject({ violations: 0, failures: 0 })
  expect(report.entries).toBeGreaterThan(0)
  expect(report.kills).toBeGreaterThan(0)
})

test('one dead holder is replaced by exactly one of sixteen processes, round after round', async () => {
  expect(await race(16, 60)).toEqual({ rounds: 60, decided: 60 })
})
