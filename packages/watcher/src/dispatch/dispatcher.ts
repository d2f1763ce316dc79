import type { ExcludeList } from '../glob/exclude-list.ts'
import type { CompiledTarget } from './compiled-target.ts'
import type { PatternTrie, TrieNode } from './pattern-trie.ts'

/**
 * The targets whose includes match a path and whose excludes do not. `minimumDepth` leaves out
 * patterns that begin above that many segments: below a directory that ignore rules hide, only
 * patterns that name it see anything.
 *
 * Each distinct list of excludes is tested once for the path, however many targets share it.
 */
export function findTargets<Target extends CompiledTarget>(
  trie: PatternTrie<Target>,
  path: string,
  minimumDepth: number,
): ReadonlySet<Target> {
  const search: Search<Target> = { path, found: NOBODY, own: undefined, excluded: undefined }
  let node: TrieNode<Target> | undefined = trie.root
  let depth = 0
  let start = 0
  for (;;) {
    if (depth >= minimumDepth) collect(node, start, search)
    if (start >= path.length) return search.found
    const slash = path.indexOf('/', start)
    const end = slash === -1 ? path.length : slash
    node = node.children.get(path.slice(start, end))
    if (node === undefined) return search.found
    start = slash === -1 ? path.length : end + 1
    depth += 1
  }
}

const NOBODY: ReadonlySet<never> = new Set()

interface Search<Target> {
  readonly path: string
  found: ReadonlySet<Target>
  /** `found` once it is more than the targets of one group, whose set is not to be added to. */
  own: Set<Target> | undefined
  /** By the key of the list; made for the second group. */
  excluded: Map<string, boolean> | undefined
}

function collect<Target>(node: TrieNode<Target>, start: number, search: Search<Target>): void {
  if (node.groups.size === 0) return
  const below = search.path.slice(start)
  for (const { pattern, excludes, targets } of node.groups.values()) {
    if (!pattern.matches(search.path, below) || isExcluded(excludes, search)) continue
    // Targets of one workspace tend to watch the same: no copy for the first, often only group.
    if (search.found.size === 0) {
      search.found = targets
      continue
    }
    search.own ??= new Set(search.found)
    for (const target of targets) search.own.add(target)
    search.found = search.own
  }
}

function isExcluded(excludes: ExcludeList, search: Search<unknown>): boolean {
  if (excludes.key === '') return false
  search.excluded ??= new Map()
  let excluded = search.excluded.get(excludes.key)
  if (excluded === undefined) {
    excluded = excludes.excludes(search.path)
    search.excluded.set(excludes.key, excluded)
  }
  return excluded
}
