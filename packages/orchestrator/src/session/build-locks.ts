import { type Lease, type LockPlace, type WaitSnapshot, acquireAll } from '@singletrack/lockfile'

import { buildKey, hasBuild } from '../build/index.ts'
import type { Workspace } from '../configuration/index.ts'
import type { TargetActor } from './target-actor.ts'

/** The outside locks of one build, as the builder needs them. */
export interface BuildLease extends AsyncDisposable {
  /** Their names. */
  readonly locks: readonly string[]
  /** Somebody above us holds the locks; we stay in that process group. */
  readonly nested: boolean
  /** Aborts when a lock is not ours any more. */
  readonly lost: AbortSignal
  /** Whether every lock is still ours. */
  isHeld(): Promise<boolean>
  /** Publishes the process group of a build, so that a successor can wait for it should we die. */
  setBuildGroup(pgid: number, job: string): Promise<void>
  /** What nested commands need to know. */
  env(): Readonly<Record<string, string>>
  /** Publishes what came of the build and lets the locks go. */
  release(outcome: BuildLockOutcome): Promise<void>
}

export interface BuildLockOutcome {
  readonly status: 'ok' | 'failed' | 'aborted'
  readonly exitCode?: number
  readonly summary?: string
}

/** The locks that other processes obey too: those of the resources with a capacity of one. */
export function locksOf(workspace: Workspace, resources: Iterable<string>): readonly LockPlace[] {
  return [...new Set(resources)].flatMap((name) => {
    const resource = workspace.resources.get(name)
    return resource?.capacity === 1 ? [{ root: resource.lockRoot, lock: resource.lock }] : []
  })
}

/** Takes the outside locks for a build of these targets, however long that takes. */
export async function acquireBuildLocks(
  workspace: Workspace,
  members: readonly TargetActor[],
  signal: AbortSignal,
  onWait: (message: string) => void,
): Promise<BuildLease> {
  const targets = members.map(({ target }) => target).filter(hasBuild)
  const locks = locksOf(
    workspace,
    targets.flatMap(({ build }) => Object.keys(build.uses)),
  )
  if (locks.length === 0) return withoutLocks()
  const lease = await acquireAll(locks, {
    signal,
    label: 'singletrack watch',
    purpose: `building ${targets.map(({ name }) => name).join(', ')}`,
    key: buildKey(targets),
    onWait: ({ message }: WaitSnapshot) => onWait(message),
  })
  return buildLease(lease)
}

/** A lease of the lock package as the builder sees it. */
export function buildLease(lease: Lease): BuildLease {
  return {
    locks: lease.locks,
    lost: lease.signal,
    nested: lease.nested,
    isHeld: async () =>
      lease.assertHeld().then(
        () => true,
        () => false,
      ),
    setBuildGroup: async (pgid, job) => lease.setBuildGroup(pgid, { job }),
    env: () => lease.env(),
    release: async (outcome) => lease.release(outcome),
    [Symbol.asyncDispose]: async () => lease[Symbol.asyncDispose](),
  }
}

/** For builds that use nothing that others could use too. */
export function withoutLocks(): BuildLease {
  return {
    locks: [],
    lost: new AbortController().signal,
    nested: false,
    isHeld: async () => Promise.resolve(true),
    setBuildGroup: nothing,
    env: () => ({}),
    release: nothing,
    [Symbol.asyncDispose]: nothing,
  }
}

export const nothing = async (): Promise<void> => Promise.resolve()
