import { join } from 'node:path'

import { type LockName, checkLockName } from '../names/lock-name.ts'

/** Where one lock lives. All paths are absolute and free of symbolic links above the root. */
export interface Site {
  readonly lock: LockName
  /** `<root>/.singletrack` */
  readonly stateDirectory: string
  /** `<root>/.singletrack/locks` */
  readonly locksDirectory: string
  /** Holds the baton and nothing else, so that "no baton" is "an empty directory". */
  readonly directory: string
  /** Outcomes of the last generations. */
  readonly doneDirectory: string
  /** Tickets of those who wait. */
  readonly queueDirectory: string
  /** Requests to the holder, used on `watch`. */
  readonly wantDirectory: string
  /** Locks that exist only inside one holder's tenure, one directory per holder's nonce. */
  readonly nestedDirectory: string
}

/** The places of a lock under a root that has been resolved by realpath. */
export function siteOf(realRoot: string, lock: LockName): Site {
  const stateDirectory = join(realRoot, '.singletrack')
  return siteIn(stateDirectory, join(stateDirectory, 'locks'), checkLockName(lock))
}

/** The lock inside a holder's tenure that its children take turns on. */
export function nestedSiteOf(outer: Site, holderNonce: string): Site {
  return {
    ...siteIn(outer.stateDirectory, outer.nestedDirectory, holderNonce),
    lock: outer.lock,
  }
}

function siteIn(stateDirectory: string, locksDirectory: string, name: string): Site {
  const directory = join(locksDirectory, name)
  return {
    lock: name,
    stateDirectory,
    locksDirectory,
    directory,
    doneDirectory: `${directory}.done`,
    queueDirectory: `${directory}.q`,
    wantDirectory: `${directory}.want`,
    nestedDirectory: `${directory}.in`,
  }
}
