import { expect, test } from 'vitest'

import { profileOf } from './phases-report.ts'
import { type PhaseName, phasesOf, startPhasesOf } from './phases.ts'

const at = (ms: number): string => new Date(1_000_000 + ms).toISOString()

const printed = (events: readonly object[]): string =>
  events.map((event) => JSON.stringify(event)).join('\n')

const restart = [
  { type: 'changed', time: at(5), collectedMs: 2 },
  { type: 'stopping', time: at(6) },
  { type: 'output', time: at(7) },
  { type: 'stopped', time: at(16) },
  { type: 'starting', time: at(20) },
  { type: 'ready', time: at(101) },
]

test('the time from a save to a ready function is told phase by phase', () => {
  const output = `${printed(restart)}\nnot an event\n{"torn`
  const phases = phasesOf(output, { savedAt: 1_000_000, listeningAt: 1_000_080 })
  expect(Object.fromEntries(phases ?? [])).toEqual({
    event: 3,
    debounce: 2,
    swap: 1,
    stop: 10,
    spawn: 4,
    program: 60,
    probe: 21,
  })
})

test('of several functions only the phases of the one that is meant count, and its turn', () => {
  const output = printed([
    { type: 'changed', time: at(1), collectedMs: 1, target: 'a' },
    { type: 'build-started', time: at(2), target: 'a' },
    { type: 'changed', time: at(9), collectedMs: 4, target: 'b' },
    { type: 'build-succeeded', time: at(15), target: 'a' },
    { type: 'build-started', time: at(19), target: 'b' },
    { type: 'build-succeeded', time: at(49), target: 'b' },
    { type: 'starting', time: at(60), target: 'b' },
  ])
  const phases = phasesOf(output, { savedAt: 1_000_000, target: 'b', answeredAt: 1_000_090 })
  expect(Object.fromEntries(phases ?? [])).toEqual({
    event: 5,
    debounce: 4,
    turn: 6,
    lock: 4,
    build: 30,
    spawn: 11,
    program: 30,
  })
})

test('who is built by the same command does not go first', () => {
  const output = printed([
    { type: 'changed', time: at(1), collectedMs: 1, target: 'b' },
    { type: 'build-started', time: at(4), target: 'a', build: 7 },
    { type: 'build-started', time: at(6), target: 'b', build: 7 },
  ])
  const phases = phasesOf(output, { savedAt: 1_000_000, target: 'b' })
  expect(Object.fromEntries(phases ?? [])).toEqual({ event: 0, debounce: 1, lock: 5 })
})

test('a start is told from the command to the ready function', () => {
  const output = printed([
    { type: 'session-started', time: at(90) },
    { type: 'watching', time: at(300) },
    { type: 'starting', time: at(310) },
  ])
  const phases = startPhasesOf(output, { spawnedAt: 1_000_000, listeningAt: 1_000_350 })
  expect(Object.fromEntries(phases ?? [])).toEqual({ boot: 90, tree: 210, spawn: 10, program: 40 })
})

test('a profile is the median of each phase over all rounds', () => {
  const rounds = [10, 30, 20].map((stop) => new Map<PhaseName, number>([['stop', stop]]))
  expect(profileOf([...rounds, null])).toEqual([['stop', 20]])
})

test('a tool that prints no events has no phases', () => {
  expect(phasesOf('[nodemon] restarting due to changes...\n', { savedAt: 0 })).toBe(null)
})
