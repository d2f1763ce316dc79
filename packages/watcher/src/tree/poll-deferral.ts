import type { Stats } from 'node:fs'

import type { DirectoryNode } from './directory-node.ts'
import { type Entry, isRacy, sameState } from './entry.ts'

/**
 * A poll has no event to tell it of a second write within the same time stamp. It takes a file in
 * only once its stamp is old enough, but puts it off only once.
 */
export function isTooFresh(
  node: DirectoryNode,
  name: string,
  old: Entry | undefined,
  stats: Stats,
): boolean {
  if (node.deferred?.delete(name) === true || stats.isDirectory()) return false
  if (old !== undefined && sameState(old, stats, node.listedAtMs)) return false
  if (!isRacy(stats, Date.now())) return false
  node.deferred ??= new Set()
  node.deferred.add(name)
  return true
}
