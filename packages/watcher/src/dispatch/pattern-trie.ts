import type { ExcludeList } from '../glob/exclude-list.ts'
import type { IncludePattern } from '../glob/include-pattern.ts'
import type { CompiledTarget } from './compiled-target.ts'

/** Targets that share one pattern and one list of excludes: one test serves them all. */
interface PatternGroup<Target> {
  readonly pattern: IncludePattern
  readonly excludes: ExcludeList
  readonly targets: Set<Target>
}

/** A place where patterns begin. */
export interface TrieNode<Target = CompiledTarget> {
  readonly children: Map<string, TrieNode<Target>>
  /** By pattern and excludes. */
  readonly groups: Map<string, PatternGroup<Target>>
  /** How many patterns begin here without magic. */
  literals: number
}

/**
 * All includes of all targets by their literal prefix. Adding or removing a target costs as many
 * steps as its patterns have literal segments; finding the candidates for a path costs as many as
 * the path has.
 */
export class PatternTrie<Target extends CompiledTarget = CompiledTarget> {
  readonly root: TrieNode<Target> = newNode()

  add(target: Target): void {
    for (const pattern of target.includes) {
      let node = this.root
      for (const segment of pattern.base) {
        let child = node.children.get(segment)
        if (child === undefined) {
          child = newNode()
          node.children.set(segment, child)
        }
        node = child
      }
      const key = groupKey(pattern, target)
      let group = node.groups.get(key)
      if (group === undefined) {
        group = { pattern, excludes: target.excludes, targets: new Set() }
        node.groups.set(key, group)
        if (pattern.literal) node.literals += 1
      }
      group.targets.add(target)
    }
  }

  remove(target: Target): void {
    for (const pattern of target.includes) removeAt(this.root, 0, pattern, target)
  }

  /** The node of a path, if a pattern begins there or below it. */
  find(segments: readonly string[]): TrieNode<Target> | undefined {
    let node: TrieNode<Target> | undefined = this.root
    for (const segment of segments) {
      node = node.children.get(segment)
      if (node === undefined) return undefined
    }
    return node
  }
}

function removeAt<Target extends CompiledTarget>(
  node: TrieNode<Target>,
  depth: number,
  pattern: IncludePattern,
  target: Target,
): void {
  const segment = pattern.base[depth]
  if (segment !== undefined) {
    const child = node.children.get(segment)
    if (child === undefined) return
    removeAt(child, depth + 1, pattern, target)
    if (child.children.size === 0 && child.groups.size === 0) node.children.delete(segment)
    return
  }
  const key = groupKey(pattern, target)
  const group = node.groups.get(key)
  if (group === undefined) return
  group.targets.delete(target)
  if (group.targets.size > 0) return
  node.groups.delete(key)
  if (pattern.literal) node.literals -= 1
}

function newNode<Target>(): TrieNode<Target> {
  return { children: new Map(), groups: new Map(), literals: 0 }
}

function groupKey(pattern: IncludePattern, target: CompiledTarget): string {
  return `${pattern.key}\0${pattern.literal}\0${target.excludes.key}`
}
