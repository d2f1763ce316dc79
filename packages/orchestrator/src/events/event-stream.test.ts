import { expect, test } from 'vitest'

import { EventStream, type SessionEvent, causeChain } from './index.ts'

const stream = (): EventStream => new EventStream(() => 0)

test('events are numbered in the order in which they happen', () => {
  const events = stream()
  events.emit({ type: 'settled' })
  expect(events.emit({ type: 'settled' })).toEqual({
    v: 1,
    id: 2,
    time: '1970-01-01T00:00:00.000Z',
    type: 'settled',
  })
})

test('every listener gets every event until it leaves', () => {
  const events = stream()
  const seen: SessionEvent[] = []
  const leave = events.subscribe((event) => seen.push(event))
  events.emit({ type: 'settled' })
  leave()
  events.emit({ type: 'settled' })
  expect(seen.map(({ id }) => id)).toEqual([1])
})

test('a listener that throws must not take the others or the session down', () => {
  const events = stream()
  const seen: string[] = []
  events.subscribe(() => {
    throw new Error('broken')
  })
  events.subscribe((event) => seen.push(event.type))
  events.emit({ type: 'settled' })
  events.emit({ type: 'settled' })
  expect(seen).toEqual(['warning', 'settled', 'settled'])
})

test('output lines are passed on and not kept', () => {
  const events = stream()
  events.emit({ type: 'output', target: 'a', source: 'run', stream: 'stdout', line: 'hello' })
  expect(events.history()).toEqual([])
})

test('the history is bounded', () => {
  const events = stream()
  for (let i = 0; i < 12_000; i += 1) events.emit({ type: 'settled' })
  expect(events.history().length).toBeLessThanOrEqual(5_000)
  expect(events.history().at(-1)?.id).toBe(12_000)
})

test('a chain of causes begins with the first and ends with the event', () => {
  const events = stream()
  const change = events.emit({
    type: 'changed',
    target: 'a',
    paths: ['x'],
    reason: 'events',
    collectedMs: 50,
  })
  const queued = events.emit(
    { type: 'queued', target: 'a', because: 'x changed' },
    { cause: change.id },
  )
  events.emit({ type: 'settled' })
  const skipped = events.emit({ type: 'skipped', target: 'a', because: 'b' }, { cause: queued.id })
  expect(causeChain(events.history(), skipped.id).map(({ type }) => type)).toEqual([
    'changed',
    'queued',
    'skipped',
  ])
})
