import type { SessionEvent } from '@singletrack/orchestrator'

import type { Link } from './link.ts'
import type { Locks } from './locks.ts'

/** All that is known of one root: what the tree, the status bar and the problems are made of. */
export interface RootView {
  /** Absolute real path. */
  readonly root: string
  /** The name that people know it by, from the workspace folder. */
  readonly name: string
  readonly configured: boolean
  readonly link: Link
  readonly locks: Locks
  /** What the session has told of, oldest first. */
  readonly history: readonly SessionEvent[]
}

/** Builds of others than the session: a terminal that builds while nobody watches. */
export function outsideBuilds({ link, locks }: RootView): Locks['builds'] {
  if (link.kind === 'attached') {
    const { pid } = link.state
    return locks.builds.filter(({ holder }) => holder.pid !== pid)
  }
  const session = locks.session?.pid
  return locks.builds.filter(({ holder }) => holder.pid !== session)
}
