import { describe, expect, test } from 'vitest'

import { Lines, ManualClock, options, timeoutMs } from '../../test/support/readiness-rig.ts'
import type { Readiness } from '../configuration/workspace.ts'
import { waitUntilReady } from './wait-until-ready.ts'

test('a run without a check is ready when it is spawned', async () => {
  expect(await waitUntilReady(options({ kind: 'spawned' }))).toEqual({ kind: 'ready', afterMs: 0 })
})

test('a wait that is aborted before it begins does nothing', async () => {
  const lines = new Lines()
  const signal = AbortSignal.abort()
  const readiness: Readiness = { kind: 'output', pattern: 'x', timeoutMs }
  const result = await waitUntilReady(options(readiness, { signal, lines: lines.subscribe }))
  expect(result).toEqual({ kind: 'aborted' })
})

describe('lambda', () => {
  const readiness: Readiness = { kind: 'lambda', timeoutMs }

  test('is ready when the function asks for its first invocation', async () => {
    const invocable = Promise.resolve()
    expect(await waitUntilReady(options(readiness, { invocable }))).toMatchObject({ kind: 'ready' })
  })

  test('says what it has waited for', async () => {
    const clock = new ManualClock()
    const invocable = new Promise<void>(() => undefined)
    const waiting = waitUntilReady(options(readiness, { invocable, clock }))
    clock.expire()
    expect(await waiting).toEqual({
      kind: 'timed-out',
      detail: 'it has not asked for its first invocation (waited 30 s)',
    })
  })
})

test('a wait that takes too long is told once, and goes on until it is over', async () => {
  const clock = new ManualClock()
  const lines = new Lines()
  const told: string[] = []
  const readiness: Readiness = { kind: 'output', pattern: '^up$', timeoutMs }
  const waiting = waitUntilReady(
    options(readiness, { clock, lines: lines.subscribe, onSlow: (detail) => told.push(detail) }),
  )
  clock.expire()
  await expect.poll(() => told).toEqual(['no line of its output matches /^up$/ (waited 30 s)'])
  lines.print('up')
  expect(await waiting).toMatchObject({ kind: 'ready' })
  expect(told).toHaveLength(1)
})
