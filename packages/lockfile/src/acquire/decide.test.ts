import { expect, test } from 'vitest'

import { heldName, parseEntry } from '../names/baton-name.ts'
import type { HeldBaton } from '../names/baton-name.ts'
import type { Sight } from '../verdict/observer.ts'
import type { Verdict } from '../verdict/verdict.ts'
import { type Situation, decide } from './decide.ts'

const alone: Situation = { rank: 0, unchangedMs: 0, onSuspect: 'wait' }
const free: Sight = {
  kind: 'free',
  baton: { state: 'free', text: 'f', gen: 1n, status: '0', nonce: '' },
}
const entry = parseEntry(
  heldName(1n, { where: 'a'.repeat(12), pid: 2, start: '3' }, '0'.repeat(16)),
)
const baton = entry.kind === 'baton' ? (entry.baton as HeldBaton) : null
const held = (verdict: Verdict): Sight => {
  if (baton === null) throw new Error('the name did not parse')
  return { kind: 'held', baton, record: null, verdict }
}

test('a free lock is taken at once by whoever is first in the queue', () => {
  expect(decide(free, alone)).toEqual({ kind: 'take', from: free.kind === 'free' && free.baton })
})

test('later ones wait their turn, and never longer than 200 ms', () => {
  expect(decide(free, { ...alone, rank: 2 })).toEqual({ kind: 'wait', ms: 30, behind: 'queue' })
  expect(decide(free, { ...alone, rank: 99 })).toEqual({ kind: 'wait', ms: 200, behind: 'queue' })
  expect(decide(free, { ...alone, rank: 99, unchangedMs: 200 }).kind).toBe('take')
})

test('nothing in the directory never means free', () => {
  expect(decide({ kind: 'nothing' }, alone)).toEqual({ kind: 'initialize' })
})

test('junk alone is an error after two seconds', () => {
  const junk: Sight = { kind: 'junk', names: ['.DS_Store'] }
  expect(decide(junk, { ...alone, unchangedMs: 1_999 }).kind).toBe('wait')
  expect(decide(junk, { ...alone, unchangedMs: 2_000 })).toEqual({
    kind: 'lost',
    names: ['.DS_Store'],
  })
})

test.for([
  [{ kind: 'alive' }, 'wait', 'wait'],
  [{ kind: 'dying' }, 'kill', 'wait'],
  [{ kind: 'suspended', by: 'signal' }, 'kill', 'wait'],
  [{ kind: 'suspect', silentMs: 9_000 }, 'wait', 'wait'],
  [{ kind: 'suspect', silentMs: 9_000 }, 'fail', 'give-up'],
  [{ kind: 'suspect', silentMs: 9_000 }, 'kill', 'kill'],
  [{ kind: 'unknown', expired: false, silentMs: 0 }, 'kill', 'wait'],
  [{ kind: 'unknown', expired: true, silentMs: 30_000 }, 'wait', 'take'],
  [{ kind: 'dead', proof: 'gone' }, 'wait', 'take'],
] as const)('a holder that is %o under "%s": %s', ([verdict, onSuspect, step]) => {
  expect(decide(held(verdict), { ...alone, onSuspect }).kind).toBe(step)
})
