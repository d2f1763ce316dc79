import { statSync } from 'node:fs'

import { joinPath } from '../paths.ts'
import { findGitDirectory } from './git-directory.ts'

/** A lock older than this was left by a git that died, or by one that waits for an editor. */
const LOCK_AGE_MAX_MS = 30_000

/** Between two steps of a rebase git holds no lock, but goes on within this time. */
const REBASE_STEP_MS = 500

/** Times are in milliseconds since the epoch. */
export interface HoldQuestion {
  readonly nowMs: number
  readonly lastChangeAtMs: number
  /** How long a lock holds after the last change. */
  readonly holdMs: number
}

/** Answers when a path was last changed, or that it does not exist. */
export type ChangedAt = (path: string) => number | undefined

/**
 * While git rewrites the work tree, half of the files are of one commit and half of another:
 * batches are held until it is done. A live `index.lock` holds for `holdMs` after the last change
 * and 30 s in all; a rebase between two of its steps for 500 ms after the last change.
 *
 * Returns the time until which to wait at most, to be asked again meanwhile.
 */
export function holdUntil(
  gitDirectories: Iterable<string>,
  question: HoldQuestion,
  changedAt: ChangedAt = lastChangeOf,
): number | undefined {
  const { nowMs, lastChangeAtMs, holdMs } = question
  if (holdMs === 0) return undefined
  let latest: number | undefined
  for (const directory of gitDirectories) {
    const lockedAt = changedAt(joinPath(directory, 'index.lock'))
    const lockEnds =
      lockedAt === undefined ? 0 : Math.min(lockedAt + LOCK_AGE_MAX_MS, lastChangeAtMs + holdMs)
    const rebaseEnds = isRebasing(directory, changedAt)
      ? lastChangeAtMs + Math.min(REBASE_STEP_MS, holdMs)
      : 0
    const ends = Math.max(lockEnds, rebaseEnds)
    if (ends > nowMs) latest = Math.max(latest ?? 0, ends)
  }
  return latest
}

function isRebasing(directory: string, changedAt: ChangedAt): boolean {
  return (
    changedAt(joinPath(directory, 'rebase-merge')) !== undefined ||
    changedAt(joinPath(directory, 'rebase-apply')) !== undefined
  )
}

function lastChangeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.ctimeMs
  } catch {
    return undefined
  }
}

/** The git directories whose work trees the watcher has met; a work tree may move its own. */
export class Repositories {
  readonly #workTrees = new Set<string>()
  #gitDirectories: ReadonlySet<string> = new Set()
  /** What was found during `lookOnce`. */
  #seen: Map<string, number | undefined> | undefined

  /** Takes note of a work tree, and looks again where the git directories are. */
  add(workTree: string): void {
    this.#workTrees.add(workTree)
    const found = new Set<string>()
    for (const known of this.#workTrees) {
      const directory = findGitDirectory(known)
      if (directory !== undefined) found.add(directory)
    }
    this.#gitDirectories = found
  }

  get gitDirectories(): ReadonlySet<string> {
    return this.#gitDirectories
  }

  /** As `holdUntil`, for all repositories met so far. */
  holdUntil(question: HoldQuestion): number | undefined {
    if (this.#gitDirectories.size === 0) return undefined
    const seen = this.#seen
    if (seen === undefined) return holdUntil(this.#gitDirectories, question)
    return holdUntil(this.#gitDirectories, question, (path) => {
      if (!seen.has(path)) seen.set(path, lastChangeOf(path))
      return seen.get(path)
    })
  }

  /** While `act` runs, each lock is looked at once, however many targets ask. */
  lookOnce(act: () => void): void {
    if (this.#gitDirectories.size === 0) {
      act()
      return
    }
    this.#seen = new Map()
    try {
      act()
    } finally {
      this.#seen = undefined
    }
  }
}
