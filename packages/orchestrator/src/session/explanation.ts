import { relative, resolve, sep } from 'node:path'

import type { IgnoredBy } from '@singletrack/watcher'
import picomatch from 'picomatch'

import { DEFAULT_IGNORE, type Workspace } from '../configuration/index.ts'
import type { Explanation } from '../control/index.ts'
import { effectOfChange } from './effects.ts'

/** What the watcher says of a path. */
export interface WatchFacts {
  readonly ignoredBy: IgnoredBy | null
  readonly targets: readonly string[]
  readonly watched: boolean
}

/** Why a path makes targets react, each with the very glob that matches it, or why it does not. */
export function explanationOf(
  path: string,
  facts: WatchFacts,
  workspace: Workspace,
  isWanted: (target: string) => boolean,
): Explanation {
  const fromRoot = relative(workspace.root, resolve(workspace.root, path)).split(sep).join('/')
  const makers = [...workspace.targets.values()].filter(
    ({ outputs }) => matchingGlob(outputs, fromRoot) !== null,
  )
  return {
    path: fromRoot === '' ? '.' : fromRoot,
    watched: facts.watched,
    ignoredBy: facts.ignoredBy === null ? null : ignoredByWhom(facts.ignoredBy, workspace),
    targets: facts.targets.flatMap((name) => {
      const target = workspace.targets.get(name)
      if (target === undefined) return []
      const rule = matchingGlob(target.watch, fromRoot) ?? target.watch.join(', ')
      return [{ name, rule, does: effectOfChange(target, isWanted(name)) }]
    }),
    madeBy: makers.map(({ name }) => name),
  }
}

/** To the watcher what is ignored by default is an option like any other. */
function ignoredByWhom(
  ignoredBy: IgnoredBy,
  { ignore }: Workspace,
): NonNullable<Explanation['ignoredBy']> {
  if (ignoredBy.kind !== 'option' || ignore.includes(ignoredBy.pattern)) return ignoredBy
  const { pattern } = ignoredBy
  return DEFAULT_IGNORE.includes(pattern) ? { kind: 'default', pattern } : ignoredBy
}

/** The first glob that takes a path. One without magic means the file, or all that is below it. */
export function matchingGlob(globs: readonly string[], path: string): string | null {
  const takes = (glob: string): boolean =>
    picomatch.isMatch(path, picomatch.scan(glob).isGlob ? glob : [glob, `${glob}/**`], {
      dot: true,
    })
  return globs.find(takes) ?? null
}
