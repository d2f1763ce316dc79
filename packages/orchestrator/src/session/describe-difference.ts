import type { WorkspaceDifference } from '../configuration/index.ts'

/** What an edit of the configuration changed, in one line; `null` when it changed nothing. */
export function describeDifference(difference: WorkspaceDifference): string | null {
  if (difference.isEmpty) return null
  const named = (kind: 'added' | 'removed' | 'changed'): string[] =>
    [...difference.targets].filter(([, target]) => target.kind === kind).map(([name]) => name)
  const parts = (['added', 'removed', 'changed'] as const).flatMap((kind) => {
    const names = named(kind)
    return names.length === 0 ? [] : [`${kind} ${names.join(', ')}`]
  })
  const { added, removed, changed } = difference.resources
  if (added.length + removed.length + changed.length > 0)
    parts.push(`resources ${[...added, ...removed, ...changed].join(', ')}`)
  if (difference.watcher) parts.push('what is watched and ignored')
  if (difference.scheduling) parts.push('the order of builds')
  return parts.length === 0 ? 'nothing that concerns a target' : parts.join('; ')
}
