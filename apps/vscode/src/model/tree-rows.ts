import { rootChildren, rootRow } from './root-rows.ts'
import type { RootView } from './root-view.ts'
import { isFailed } from './target-row.ts'
import type { TreeRow } from './tree-row.ts'

/**
 * The whole tree. With one root its targets stand at the top; with more, each root is a row of its
 * own. Empty where there is nothing to show, so that the welcome text appears.
 */
export function treeRows(roots: readonly RootView[], now: number): readonly TreeRow[] {
  const shown = roots.filter(({ configured, link }) => configured || link.kind !== 'none')
  const [only] = shown
  if (only !== undefined && roots.length === 1) return rootChildren(only, now)
  return shown.map((root) => rootRow(root, now))
}

/** How many targets need somebody, for the badge of the view. */
export function failedTargets(roots: readonly RootView[]): number {
  return roots.reduce(
    (sum, { link }) =>
      sum + (link.kind === 'attached' ? link.state.targets.filter(isFailed).length : 0),
    0,
  )
}
