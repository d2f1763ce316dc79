import type { PatternTrie, TrieNode } from './pattern-trie.ts'

/** Which entries of a directory anybody asks for. */
export interface Coverage {
  /** Something may match among all entries, or below them. */
  readonly all: boolean
  /** Entries that are on the way to the literal base of a pattern, or are one. */
  readonly names: ReadonlySet<string>
}

/**
 * What to look at in a directory. `minimumDepth` leaves out patterns that begin above that many
 * segments, as in `findTargets`.
 */
export function findCoverage(
  trie: PatternTrie,
  segments: readonly string[],
  minimumDepth: number,
): Coverage {
  const path = segments.join('/')
  let node: TrieNode | undefined = trie.root
  let all = false
  for (let depth = 0; node !== undefined; depth += 1) {
    const segment = segments[depth]
    // No wildcard climbs: from here on the path leads out of what the node's patterns can match.
    const climbs = segment === '..'
    all ||= !climbs && depth >= minimumDepth && reaches(node, path, segments.slice(depth))
    if (segment === undefined) return { all, names: childNames(node) }
    node = node.children.get(segment)
  }
  return { all, names: NO_NAMES }
}

const NO_NAMES: ReadonlySet<string> = new Set()

function reaches(node: TrieNode, path: string, below: readonly string[]): boolean {
  for (const { pattern, excludes } of node.groups.values()) {
    if (pattern.reaches(below) && !excludes.excludes(path)) return true
  }
  return false
}

function childNames(node: TrieNode): ReadonlySet<string> {
  if (node.children.size === 0) return NO_NAMES
  const names = new Set(node.children.keys())
  // The way up is no entry of the directory.
  names.delete('..')
  return names
}
