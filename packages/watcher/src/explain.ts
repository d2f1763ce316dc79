import { lstatSync } from 'node:fs'

import type { CompiledTarget } from './dispatch/compiled-target.ts'
import { compileTarget } from './dispatch/compiled-target.ts'
import { findTargets } from './dispatch/dispatcher.ts'
import { PatternTrie } from './dispatch/pattern-trie.ts'
import { WatchPolicy, type WatchPolicyOptions } from './ignore/watch-policy.ts'
import type { Explanation, IgnoredBy } from './options.ts'
import { isAbove, nameOf, parentOf, relativePath } from './paths.ts'

/**
 * Why a path is or is not delivered. Asks a policy that looks everywhere, so that an ignore rule is
 * named even where no target looks.
 */
export function explainPath(
  path: string,
  targets: readonly CompiledTarget[],
  options: Omit<WatchPolicyOptions, 'trie'>,
): Omit<Explanation, 'watched'> {
  const everywhere = new PatternTrie()
  const real = new PatternTrie()
  everywhere.add(compileTarget({ id: '', include: ['**'] }, options.root))
  for (const target of targets) {
    everywhere.add(target)
    real.add(target)
  }
  const policy = new WatchPolicy({ ...options, trie: everywhere })
  const relative = relativePath(options.root, path)
  const verdict = firstVerdict(policy, path, options.root, isDirectoryNow(path))
  if (verdict.kind === 'hidden') return { ignoredBy: verdict.by, targets: [] }
  const found = findTargets(real, relative, verdict.region)
  return { targets: targets.filter((target) => found.has(target)).map(({ id }) => id) }
}

type Verdict =
  | { readonly kind: 'visible'; readonly region: number }
  | { readonly kind: 'hidden'; readonly by: IgnoredBy }

/** The verdict about the path, or about the topmost hidden directory above it. */
function firstVerdict(
  policy: WatchPolicy,
  path: string,
  root: string,
  isDirectory: boolean,
): Verdict {
  const parent = parentOf(path)
  if (path === root || parent === undefined || isAbove(path, root)) {
    return { kind: 'visible', region: 0 }
  }
  const directory = policy.directory(parent)
  if (directory === null) {
    // If no rule hides it, it is outside of the root, and no target reaches that far. What is to be
    // in it makes it a directory, though it may not be there yet.
    return firstVerdict(policy, parent, root, true)
  }
  return policy.entry(directory, nameOf(path), isDirectory)
}

function isDirectoryNow(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  } catch {
    return false
  }
}
