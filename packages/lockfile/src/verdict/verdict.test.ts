import { describe, expect, test } from 'vitest'

import type { ProcessFacts } from '../system/process-table.ts'
import { type Evidence, judge, mayTakeOver } from './verdict.ts'

const HERE = 'aaaabbbbcccc'
const OTHER_NAMESPACE = 'aaaabbbbdddd'
const OTHER_BOOT = 'aaaaeeeecccc'
const ELSEWHERE = 'ffffbbbbcccc'

const living: ProcessFacts = {
  kind: 'present',
  start: '100',
  state: 'S',
  threads: 7,
  traced: false,
  uid: 0,
  parent: 1,
}

const base: Evidence = {
  holder: { where: HERE, pid: 77, start: '100' },
  observer: { where: HERE, pid: 78, start: '101' },
  copied: false,
  process: living,
  silentMs: 0,
  resumedMs: null,
  heartbeatMs: 1_000,
  foreignLeaseMs: 30_000,
  exactStart: true,
}

const from = (where: string): Partial<Evidence> => ({
  holder: { where, pid: 77, start: '100' },
  process: null,
})
const facts = (change: Partial<typeof living>): Partial<Evidence> => ({
  process: { ...living, ...change },
})

describe('a holder is', () => {
  test.for([
    ['alive', {}, 'alive'],
    ['dead when no process has its pid', { process: { kind: 'gone' } }, 'dead'],
    ['dead when its pid was recycled', facts({ start: '101' }), 'dead'],
    ['dead as a zombie', facts({ state: 'Z', threads: 1 }), 'dead'],
    ['dying as a zombie whose threads run', facts({ state: 'Z', threads: 2 }), 'dying'],
    ['dying as a zombie of unknown threads', facts({ state: 'Z', threads: null }), 'dying'],
    ['alive when the system will not say', facts({ start: null, state: null }), 'alive'],
    [
      'suspended by SIGSTOP, however silent',
      { ...facts({ state: 'T' }), silentMs: 1e9 },
      'suspended',
    ],
    ['suspended in a debugger', { ...facts({ state: 't' }), silentMs: 1e9 }, 'suspended'],
    [
      'suspended while traced and silent',
      { ...facts({ traced: true }), silentMs: 1e9 },
      'suspended',
    ],
    ['alive while traced and beating', facts({ traced: true }), 'alive'],
    ['alive at 4.9 s of silence', { silentMs: 4_900 }, 'alive'],
    ['suspect at 5 s of silence', { silentMs: 5_000 }, 'suspect'],
    ['alive at 49 s when it beats every 10 s', { silentMs: 49_000, heartbeatMs: 10_000 }, 'alive'],
    [
      'suspect at 50 s when it beats every 10 s',
      { silentMs: 50_000, heartbeatMs: 10_000 },
      'suspect',
    ],
    ['alive when it was woken 4.9 s ago', { silentMs: 1e9, resumedMs: 4_900 }, 'alive'],
    ['suspect when it was woken 5 s ago', { silentMs: 1e9, resumedMs: 5_000 }, 'suspect'],
    ['alive when it promised no heartbeat', { silentMs: 1e9, heartbeatMs: null }, 'alive'],
    [
      'unknown in another namespace, however silent',
      { ...from(OTHER_NAMESPACE), silentMs: 29_999 },
      'unknown',
    ],
    ['unknown elsewhere', from(ELSEWHERE), 'unknown'],
    ['unknown before a reboot is certain', { ...from(OTHER_BOOT), silentMs: 1_999 }, 'unknown'],
    ['dead after a reboot and 2 s of silence', { ...from(OTHER_BOOT), silentMs: 2_000 }, 'dead'],
    ['alive in what may be a copy', { copied: true, silentMs: 1_999 }, 'alive'],
    ['dead in a silent copy', { copied: true, silentMs: 2_000 }, 'dead'],
  ] as const)('%s', ([, change, kind]) => {
    expect(judge({ ...base, ...change }).kind).toBe(kind)
  })

  test.for([
    [29_999, 30_000, false],
    [30_000, 30_000, true],
    [1e9, false, false],
  ] as const)(
    'elsewhere and silent for %d ms under a lease of %s: %s',
    ([silentMs, lease, taken]) => {
      const verdict = judge({ ...base, ...from(ELSEWHERE), silentMs, foreignLeaseMs: lease })
      expect(mayTakeOver(verdict)).toBe(taken)
    },
  )

  test('of another start time by at most 3 s where clocks are compared', () => {
    const kinds = ['97', '103', '104'].map(
      (start) => judge({ ...base, ...facts({ start }), exactStart: false }).kind,
    )
    expect(kinds).toEqual(['alive', 'alive', 'dead'])
  })
})

test('nobody who may be alive can be taken over', () => {
  for (const state of ['R', 'S', 'D', 'T', 't', 'I']) {
    const verdict = judge({ ...base, ...facts({ state }), silentMs: 1e12 })
    expect(mayTakeOver(verdict)).toBe(false)
  }
})
