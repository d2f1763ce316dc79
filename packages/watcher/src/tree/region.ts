import type { WatchPolicy } from '../ignore/watch-policy.ts'
import { joinPath } from '../paths.ts'
import type { DirectoryNode } from './directory-node.ts'

/**
 * The region of an entry (see `DirectoryPolicy.region`). `undefined`: hidden, and not on the way to
 * anything. Infinite: no pattern is deep enough to see it, but it has to be noticed.
 */
export function regionOf(
  policy: WatchPolicy,
  node: DirectoryNode,
  { name, isDirectory }: { readonly name: string; readonly isDirectory: boolean },
): number | undefined {
  if (!policy.tracks(node.policy, name)) return undefined
  const visibility = policy.entry(node.policy, name, isDirectory)
  if (visibility.kind === 'visible') return visibility.region
  // An ignore file that ignores itself still has to be noticed.
  if (name === '.gitignore' && !isDirectory) return Number.POSITIVE_INFINITY
  if (!isDirectory || policy.directory(joinPath(node.path, name)) === null) return undefined
  // On the way only.
  return Number.POSITIVE_INFINITY
}
