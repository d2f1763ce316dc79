import type { Hello, SessionState } from '@singletrack/orchestrator'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { type Link, type LinkEvent, holderOf, step } from './link.ts'
import type { LockHolder } from './locks.ts'

const holder = (nonce: string): LockHolder => ({
  label: 'cli',
  pid: 7,
  nonce,
  since: 1,
  trouble: null,
})
const hello: Hello = {
  protocol: 1,
  version: '1.0.0',
  pid: 7,
  root: '/w',
  nonce: 'a',
  startedAt: 1,
}
const state: SessionState = {
  root: '/w',
  pid: 7,
  version: '1.0.0',
  startedAt: 1,
  watching: true,
  paused: false,
  configuration: { kind: 'valid' },
  settlement: { kind: 'settled' },
  targets: [],
}

const play = (events: readonly LinkEvent[], from: Link = { kind: 'none' }): Link =>
  events.reduce((link, event) => step(link, event).link, from)

const attached = play([
  { type: 'locked', holder: holder('a') },
  { type: 'attached', nonce: 'a', hello, state },
])

test('a session that appears is connected to', () => {
  expect(step({ kind: 'none' }, { type: 'locked', holder: holder('a') })).toEqual({
    link: { kind: 'connecting', holder: holder('a'), attempt: 1 },
    effects: [{ do: 'connect', holder: holder('a') }],
  })
})

test('Start runs a session only where nobody watches', () => {
  expect(step({ kind: 'none' }, { type: 'launch' }).effects).toEqual([{ do: 'launch' }])
  expect(step({ kind: 'launching' }, { type: 'launch' }).effects).toEqual([])
  expect(step(attached, { type: 'launch' })).toEqual({ link: attached, effects: [] })
})

test('a session of our own that ends before it is attached to has failed, and can be started again', () => {
  const failed = play([{ type: 'launch' }, { type: 'launch-ended', problem: 'no such file' }])
  expect(failed).toEqual({ kind: 'failed', problem: 'no such file' })
  expect(step(failed, { type: 'launch' }).link).toEqual({ kind: 'launching' })
})

test('two windows that start at once share the session of the first', () => {
  const second = play([{ type: 'launch' }, { type: 'launch-ended', problem: null }])
  expect(second).toEqual({ kind: 'none' })
  expect(play([{ type: 'locked', holder: holder('a') }], second).kind).toBe('connecting')
})

test('the end of a launched session that was attached to is no failure to start', () => {
  expect(step(attached, { type: 'launch-ended', problem: 'killed' }).link).toBe(attached)
})

test('a socket that is not there yet is tried again, ever more slowly', () => {
  let link = play([{ type: 'locked', holder: holder('a') }])
  const delays: number[] = []
  for (let round = 0; round < 8; round += 1) {
    const { effects, link: next } = step(link, { type: 'no-answer', nonce: 'a', problem: 'nobody' })
    for (const effect of effects) if (effect.do === 'retry') delays.push(effect.afterMs)
    link = step(next, { type: 'retry', nonce: 'a' }).link
  }
  expect(delays).toEqual([50, 100, 200, 400, 800, 1_600, 2_000, 2_000])
})

test('a session of another protocol is not asked again until it is replaced', () => {
  const refused = play(
    [{ type: 'refused', nonce: 'a', problem: 'speaks protocol 2' }],
    play([{ type: 'locked', holder: holder('a') }]),
  )
  expect(refused).toMatchObject({ kind: 'incompatible', problem: 'speaks protocol 2' })
  expect(play([{ type: 'locked', holder: holder('b') }], refused).kind).toBe('connecting')
})

test('a lock that becomes free ends everything that was about its holder', () => {
  expect(step(attached, { type: 'locked', holder: null })).toEqual({
    link: { kind: 'none' },
    effects: [{ do: 'leave' }],
  })
})

test('a lock that is free says nothing about a session that is just being launched', () => {
  expect(step({ kind: 'launching' }, { type: 'locked', holder: null }).link).toEqual({
    kind: 'launching',
  })
})

test('a reconnect after a lost connection attaches to the same session', () => {
  const lost = step(attached, { type: 'closed', nonce: 'a' })
  expect(lost.effects).toEqual([{ do: 'retry', nonce: 'a', afterMs: 50 }])
  expect(
    play(
      [
        { type: 'retry', nonce: 'a' },
        { type: 'attached', nonce: 'a', hello, state },
      ],
      lost.link,
    ),
  ).toEqual(attached)
})

const nonce = fc.constantFrom('a', 'b')
const event: fc.Arbitrary<LinkEvent> = fc.oneof(
  fc.option(nonce).map((each) => ({
    type: 'locked' as const,
    holder: each === null ? null : holder(each),
  })),
  fc.constant({ type: 'launch' as const }),
  fc.option(fc.constant('no')).map((problem) => ({ type: 'launch-ended' as const, problem })),
  nonce.map((each) => ({ type: 'attached' as const, nonce: each, hello, state })),
  nonce.map((each) => ({ type: 'updated' as const, nonce: each, state })),
  nonce.map((each) => ({ type: 'no-answer' as const, nonce: each, problem: 'nobody' })),
  nonce.map((each) => ({ type: 'refused' as const, nonce: each, problem: 'old' })),
  nonce.map((each) => ({ type: 'closed' as const, nonce: each })),
  nonce.map((each) => ({ type: 'retry' as const, nonce: each })),
)

test('whatever happens, the link is about the holder that the lock named last', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let link: Link = { kind: 'none' }
      let locked: string | null = null
      for (const each of events) {
        link = step(link, each).link
        if (each.type === 'locked') locked = each.holder?.nonce ?? null
        expect(holderOf(link)?.nonce ?? null).toBe(locked)
      }
    }),
  )
})

test('whatever happens, a session is connected to once at a time', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 40 }), (events) => {
      let link: Link = { kind: 'none' }
      for (const each of events) {
        const next = step(link, each)
        const connects = next.effects.filter((effect) => effect.do === 'connect').length
        const isNew = holderOf(next.link)?.nonce !== holderOf(link)?.nonce
        const isRetry = link.kind === 'unreachable' && each.type === 'retry'
        const begins = next.link.kind === 'connecting' && (isNew || isRetry)
        expect(connects).toBe(begins ? 1 : 0)
        link = next.link
      }
    }),
  )
})
