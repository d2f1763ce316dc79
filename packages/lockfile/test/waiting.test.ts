import { readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { endHolder } from '../src/acquire/end-holder.ts'
import { makeRequest } from '../src/acquire/request.ts'
import { siteOf } from '../src/disk/site.ts'
import {
  acquire,
  type Snapshot,
  type StopWatching,
  type WatchDirectory,
  watch,
} from '../src/index.ts'
import { parseEntry } from '../src/names/baton-name.ts'
import { systemFiles } from '../src/system/file-system.ts'
import { linuxProcesses } from '../src/system/linux-processes.ts'
import { type ProcessFacts, systemProcesses } from '../src/system/process-table.ts'
import { completeSystem } from '../src/system/system.ts'
import { Peer } from './rig/peer.ts'
import { missing } from './rig/skip.ts'
import { until } from './rig/until.ts'
import { Workspace } from './rig/workspace.ts'

const noWatch: WatchDirectory = () => null
const deafWatch: WatchDirectory = () => () => undefined

test.for([
  ['there are no watches left', noWatch],
  ['no event ever comes', deafWatch],
] as const)('waiting works when %s', async ([, watchDirectory]) => {
  using space = new Workspace()
  const { root } = space
  const lease = await acquire({ root })
  const waited = Promise.withResolvers<void>()
  const waiting = acquire({ root, system: { watchDirectory }, onWait: () => waited.resolve() })
  await waited.promise
  await lease.release()
  await (await waiting).release()
})

describe('a hundred who look on', () => {
  test('are woken fewer than five times a second each', async () => {
    using space = new Workspace()
    const { root } = space
    await using holder = await Peer.start()
    await holder.ask({ do: 'acquire', options: { root } }, 'held')
    let wakes = 0
    const { clock, watchDirectory } = completeSystem()
    const system = {
      clock: {
        ...clock,
        after: (ms: number, callback: () => void): (() => void) =>
          clock.after(ms, () => {
            wakes += 1
            callback()
          }),
      },
      watchDirectory: (path: string, onChange: () => void): StopWatching | null =>
        watchDirectory(path, () => {
          wakes += 1
          onChange()
        }),
    }
    const ends = Array.from({ length: 100 }, () => watch({ root, system }))
    const loops = ends.map(async (snapshots) => {
      let count = 0
      for await (const _ of snapshots) count += 1
      return count
    })
    const waiters = new AbortController()
    const waits = Array.from({ length: 100 }, () =>
      acquire({ root, system, signal: waiters.signal }).catch(() => null),
    )
    await until('all wait', () => readdirSync(join(space.locks, 'build.q')).length === 100)
    const before = { wakes, atMs: performance.now() }
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    const seconds = (performance.now() - before.atMs) / 1_000
    expect((wakes - before.wakes) / seconds / 200).toBeLessThan(5)
    waiters.abort()
    for (const snapshots of ends) snapshots[Symbol.dispose]()
    await Promise.all(waits)
    await Promise.all(loops)
  })
})

test('watching shows every change once, and a death', async () => {
  using space = new Workspace()
  const { root } = space
  await using holder = await Peer.start()
  using snapshots = watch({ root })
  const states: Snapshot['state'][] = []
  let next: 'acquire' | 'kill' | 'end' = 'acquire'
  for await (const { state } of snapshots) {
    states.push(state)
    if (next === 'acquire') {
      next = 'kill'
      holder.tell({ do: 'acquire', options: { root } })
    } else if (next === 'kill' && state === 'build') {
      next = 'end'
      await holder.next('held')
      await holder.kill()
    } else if (state === 'stale') break
  }
  expect(states.filter((state, index) => state !== states[index - 1])).toEqual([
    'none',
    'build',
    'stale',
  ])
})

describe('ending a silent holder', () => {
  const facts = linuxProcesses.probe(process.pid)
  const living = facts.kind === 'present' ? facts : null
  const target = { pid: 4_000_001, start: '7', group: true }

  const attempt = async (
    kill: object | null,
    found: Partial<ProcessFacts & { readonly kind: 'present' }>,
    ownGroup: number | null = null,
  ): Promise<{ signals: string[]; error: unknown }> => {
    using space = new Workspace()
    const signals: string[] = []
    const lease = await acquire({ root: space.root })
    const path = space.batonPath()
    systemFiles.updateText(path, (text) => `${JSON.stringify({ ...JSON.parse(text), kill })}\n`)
    const entry = parseEntry(space.baton())
    if (entry.kind !== 'baton' || entry.baton.state !== 'held') throw new Error('not held')
    const processes = {
      ...systemProcesses,
      ownGroup: () => ownGroup,
      probe: (pid: number): ProcessFacts =>
        pid === target.pid && living !== null
          ? { ...living, start: target.start, ...found }
          : systemProcesses.probe(pid),
      signal: (pid: number, signal: NodeJS.Signals): void => {
        signals.push(`${signal} ${pid}`)
        // What it signals is the build; the holder then lets go.
        renameSync(path, join(space.locks, 'build', `f.zzzzzzzzzzzzz.x.${'a'.repeat(16)}`))
      },
    }
    const request = makeRequest({ root: space.root, system: { processes } })
    const error = await endHolder(request, siteOf(space.root, 'build'), entry.baton).catch(
      (reason: unknown) => reason,
    )
    await lease.release().catch(() => undefined)
    return { signals, error }
  }

  test('signals the group that it declared', async ({ skip }) => {
    const reason = missing('linux')
    if (reason !== null) skip(reason)
    expect(await attempt(target, {})).toEqual({
      signals: [`SIGTERM -${target.pid}`],
      error: undefined,
    })
  })

  test.for([
    ['that declared nothing', null, {}, null],
    ['whose build has another start time', target, { start: '8' }, null],
    ['whose build belongs to another user', target, { uid: 65_534 }, null],
    ['whose build is stopped', target, { state: 'T' }, null],
    ['whose build is being debugged', target, { traced: true }, null],
    ['whose build is our own group', target, {}, target.pid],
    [
      'that declares our own parent',
      { pid: process.ppid, start: parentStart(), group: false },
      {},
      null,
    ],
    ['that declares us', { pid: process.pid, start: living?.start, group: false }, {}, null],
    ['that declares init', { pid: 1, start: '1', group: false }, {}, null],
  ] as const)('is refused to one %s', async ([, kill, found, group], { skip }) => {
    const reason = missing('linux')
    if (reason !== null) skip(reason)
    const { signals, error } = await attempt(kill, found, group)
    expect(signals).toEqual([])
    expect(error).toMatchObject({ code: 'EKILLFAILED' })
  })
})

function parentStart(): string | null {
  const facts = systemProcesses.probe(process.ppid)
  return facts.kind === 'present' ? facts.start : null
}
