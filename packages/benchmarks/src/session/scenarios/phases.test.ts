import { expect, test } from 'vitest'

import { phasesOf } from './phases.ts'

const at = (ms: number): string => new Date(1_000_000 + ms).toISOString()

test('the time from a save to a ready function is told phase by phase', () => {
  const output = [
    { type: 'changed', time: at(3) },
    { type: 'stopping', time: at(4) },
    { type: 'output', time: at(5) },
    { type: 'stopped', time: at(14) },
    { type: 'starting', time: at(20) },
    { type: 'ready', time: at(101) },
  ].map((event) => JSON.stringify(event))
  const phases = phasesOf(`${output.join('\n')}\nnot an event\n{"torn`, 1_000_000, 1_000_080)
  expect(Object.fromEntries(phases ?? [])).toEqual({
    'saved → changed': 3,
    'changed → stopping': 1,
    'stopping → stopped': 10,
    'stopped → starting': 6,
    'starting → it listens': 60,
    'it listens → told as ready': 21,
  })
})

test('a tool that prints no events has no phases', () => {
  expect(phasesOf('[nodemon] restarting due to changes...\n', 0, 10)).toBe(null)
})
