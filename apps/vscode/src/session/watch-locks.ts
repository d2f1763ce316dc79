import { type LockView, type Snapshot, type Verdict, watch } from '@singletrack/lockfile'

import type { LockHolder, Locks } from '../model/locks.ts'
import type { WatchLocks } from './root-session.ts'

/** What a session calls its lock; every other lock belongs to builds. */
const SESSION_LOCK = 'watch'

/** Tells who holds the locks of a root. A dead holder's lock counts as free. */
export const watchLocks: WatchLocks = (root, onChange, onProblem) => {
  const snapshots = watch({ root })
  const follow = async (): Promise<void> => {
    for await (const snapshot of snapshots) onChange(locksOf(snapshot))
  }
  const ended = follow().catch((error: unknown) => {
    onProblem(`locks of ${root}: ${error instanceof Error ? error.message : String(error)}`)
  })
  return {
    [Symbol.asyncDispose]: async () => {
      snapshots[Symbol.dispose]()
      await ended
    },
  }
}

/** The living holders in a snapshot. */
export function locksOf({ locks, watch: session }: Snapshot): Locks {
  const builds = Object.values(locks).flatMap((view) => {
    const holder = view.lock === SESSION_LOCK ? null : holderOf(view)
    return holder === null ? [] : [{ lock: view.lock, holder }]
  })
  return { session: holderOf(session), builds }
}

function holderOf(view: LockView): LockHolder | null {
  if (view.kind !== 'held' || view.verdict.kind === 'dead') return null
  const { label, nonce, pid, startedAt } = view.holder
  return {
    label: label ?? 'another program',
    pid,
    nonce,
    since: startedAt,
    trouble: troubleOf(view.verdict),
  }
}

function troubleOf(verdict: Verdict): string | null {
  switch (verdict.kind) {
    case 'alive':
    case 'dead':
    case 'dying':
      return null
    case 'suspended':
      return verdict.by === 'signal' ? 'it is stopped' : 'it is in a debugger'
    case 'suspect':
      return 'it hangs'
    case 'unknown':
      return 'it is on another machine or in another container'
  }
}
