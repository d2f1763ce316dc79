import type { TargetState } from '@singletrack/orchestrator'

import { diagnosticsOf } from './problems.ts'
import { type TargetSurroundings, targetRow } from './target-row.ts'
import type { TreeRow } from './tree-row.ts'

/** A target with what its builds complain of. */
export function targetTreeRow(
  root: string,
  target: TargetState,
  surroundings: TargetSurroundings,
): TreeRow {
  const row = targetRow(target, surroundings)
  const children = [...suspendedRows(root, target), ...problemRows(root, target)]
  return {
    // The editor remembers for each id whether its row is open: one that gets problems opens itself.
    id: `${root}#${target.name}${children.length === 0 ? '' : '#open'}`,
    subject: { kind: 'target', root, target: target.name },
    text: row.name,
    description: row.description,
    icon: row.icon,
    context: ['target', ...row.actions].join(' '),
    label: row.label,
    ticks: row.ticks,
    expanded: row.failed,
    children,
  }
}

function suspendedRows(root: string, { name, suspended }: TargetState): readonly TreeRow[] {
  return suspended.map(({ path, ignore }) => {
    const description = 'its builds write it; changes are suspended'
    return {
      id: `${root}#${name}#suspended:${path}`,
      subject: { kind: 'suspended', root, path, ignore },
      text: path,
      description,
      icon: { id: 'sync-ignored', color: 'list.warningForeground' },
      context: 'suspended',
      label: `${path}, ${description}`,
      ticks: false,
      expanded: false,
      children: [],
    }
  })
}

/** More rows than this hide the other targets; the list of problems has them all. */
const MAX_PROBLEM_ROWS = 10

function problemRows(root: string, target: TargetState): readonly TreeRow[] {
  if (target.build.kind !== 'failed') return []
  return diagnosticsOf(target)
    .slice(0, MAX_PROBLEM_ROWS)
    .map(({ severity, message: text, file, line }, index) => {
      const place =
        file === null ? '' : `${withinRoot(root, file)}${line === null ? '' : `:${line}`}`
      return {
        id: `${root}#${target.name}#problem:${index}`,
        subject: { kind: 'problem', root, target: target.name, index },
        text,
        description: place,
        icon:
          severity === 'error'
            ? { id: 'error', color: 'list.errorForeground' }
            : { id: 'warning', color: 'list.warningForeground' },
        context: 'problem',
        label: `${severity}: ${text}${place === '' ? '' : `, ${place}`}`,
        ticks: false,
        expanded: false,
        children: [],
      }
    })
}

/** A path as short as people know it: from the root of the session, where it is below that. */
function withinRoot(root: string, file: string): string {
  const [separator = ''] = file.slice(root.length)
  const isBelow = file.startsWith(root) && /[/\\]/.test(separator)
  return isBelow ? file.slice(root.length + 1) : file
}
