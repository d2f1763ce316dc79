import type { CompiledTarget } from './compiled-target.ts'
import type { PatternTrie, TrieNode } from './pattern-trie.ts'

/**
 * The targets whose includes match a path and whose excludes do not. `minimumDepth` leaves out
 * patterns that begin above that many segments: below a directory that ignore rules hide, only
 * patterns that name it see anything.
 *
 * Each distinct list of excludes is tested once for the path, however many targets share it.
 */
export function findTargets(
  trie: PatternTrie,
  path: string,
  minimumDepth: number,
): ReadonlySet<CompiledTarget> {
  const search: Search = { path, found: new Set(), excluded: new Map() }
  let node: TrieNode | undefined = trie.root
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

interface Search {
  readonly path: string
  readonly found: Set<CompiledTarget>
  /** By the key of the list. */
  readonly excluded: Map<string, boolean>
}

function collect(node: TrieNode, start: number, search: Search): void {
  if (node.groups.size === 0) return
  const below = search.path.slice(start)
  for (const { pattern, excludes, targets } of node.groups.values()) {
    if (!pattern.matches(search.path, below)) continue
    let excluded = search.excluded.get(excludes.key)
    if (excluded === undefined) {
      excluded = excludes.excludes(search.path)
      search.excluded.set(excludes.key, excluded)
    }
    if (excluded) continue
    for (const target of targets) search.found.add(target)
  }
}
