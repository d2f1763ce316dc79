import { describe, expect, test } from 'vitest'

import { Lines, ManualClock, options, timeoutMs } from '../../test/support/readiness-rig.ts'
import type { Readiness } from '../configuration/workspace.ts'
import { waitUntilReady } from './wait-until-ready.ts'

describe('output', () => {
  const readiness: Readiness = { kind: 'output', pattern: '^listening on \\d+$', timeoutMs }

  test('is ready when a line matches, without its colors', async () => {
    const lines = new Lines()
    const waiting = waitUntilReady(options(readiness, { lines: lines.subscribe }))
    lines.print('starting')
    lines.print('\u001b[32mlistening\u001b[0m on 3000')
    expect(await waiting).toMatchObject({ kind: 'ready' })
    expect(lines.subscribers).toBe(0)
  })

  test('a line that was printed before the wait began counts', async () => {
    const lines = new Lines(['listening on 1']).subscribe
    expect(await waitUntilReady(options(readiness, { lines }))).toMatchObject({ kind: 'ready' })
  })

  test('says which pattern was not met', async () => {
    const clock = new ManualClock()
    const lines = new Lines()
    const waiting = waitUntilReady(options(readiness, { clock, lines: lines.subscribe }))
    lines.print('not listening on 3000')
    clock.expire()
    expect(await waiting).toEqual({
      kind: 'timed-out',
      detail: 'no line of its output matches /^listening on \\d+$/ (waited 30 s)',
    })
    expect(lines.subscribers).toBe(0)
  })

  test('an abort ends the subscription', async () => {
    const controller = new AbortController()
    const lines = new Lines()
    const { signal } = controller
    const waiting = waitUntilReady(options(readiness, { signal, lines: lines.subscribe }))
    expect(lines.subscribers).toBe(1)
    controller.abort()
    expect(await waiting).toEqual({ kind: 'aborted' })
    expect(lines.subscribers).toBe(0)
  })

  test('a pattern that backtracks without end does not hang the session', async () => {
    const lines = new Lines()
    const slow: Readiness = { kind: 'output', pattern: '^(a+)+b$', timeoutMs }
    const waiting = waitUntilReady(options(slow, { lines: lines.subscribe }))
    lines.print(`${'a'.repeat(60)}!`)
    lines.print('ab')
    expect(await waiting).toMatchObject({ kind: 'ready' })
  })

  test('a pattern that is given up is told', async () => {
    const lines = new Lines([`${'a'.repeat(60)}!`])
    const slow: Readiness = { kind: 'output', pattern: '^(a+)+b$', timeoutMs }
    const clock = new ManualClock()
    const waiting = waitUntilReady(options(slow, { clock, lines: lines.subscribe }))
    // Matched together with the line before it.
    await new Promise((resolve) => void setImmediate(resolve))
    clock.expire()
    expect(await waiting).toMatchObject({
      kind: 'timed-out',
      detail: expect.stringContaining('takes too long to match a line'),
    })
  })

  test('a pattern that is none is refused', async () => {
    const broken: Readiness = { kind: 'output', pattern: '(', timeoutMs }
    await expect(waitUntilReady(options(broken))).rejects.toThrow(SyntaxError)
  })
})
