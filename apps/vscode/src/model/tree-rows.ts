import type { SessionState, TargetState } from '@singletrack/orchestrator'

import { formatElapsed } from './elapsed.ts'
import { isJustGone } from './link.ts'
import type { LockHolder } from './locks.ts'
import { diagnosticsOf } from './problems.ts'
import { type RootView, outsideBuilds } from './root-view.ts'
import { type RowIcon, isFailed, targetRow } from './target-row.ts'

/** What a row of the tree is about, for the commands that it offers. */
export type RowSubject =
  | { readonly kind: 'root'; readonly root: string }
  | { readonly kind: 'target'; readonly root: string; readonly target: string }
  | {
      readonly kind: 'problem'
      readonly root: string
      readonly target: string
      readonly index: number
    }
  | {
      readonly kind: 'suspended'
      readonly root: string
      readonly path: string
      readonly ignore: string
    }
  | { readonly kind: 'message'; readonly root: string }

/** One row of the tree, complete but for its tooltip. */
export interface TreeRow {
  /** Stays the same while the row is about the same thing. */
  readonly id: string
  readonly subject: RowSubject
  readonly text: string
  readonly description: string
  readonly icon: RowIcon | null
  /** What the menus of the manifest match. */
  readonly context: string
  readonly label: string
  readonly ticks: boolean
  readonly expanded: boolean
  readonly children: readonly TreeRow[]
}

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

function rootRow(root: RootView, now: number): TreeRow {
  const { kind } = root.link
  const context =
    kind === 'none' || kind === 'failed'
      ? 'root launch'
      : kind === 'attached'
        ? 'root attached'
        : 'root'
  const description = sessionText(root)
  const children = rootChildren(root, now)
  return {
    id: `${root.root}${children.length === 0 ? '' : '#open'}`,
    subject: { kind: 'root', root: root.root },
    text: root.name,
    description,
    icon: { id: 'root-folder', color: null },
    context,
    label: `${root.name}, ${description}`,
    ticks: false,
    expanded: true,
    children,
  }
}

/** The session of a root in a few words. */
export function sessionText({ link }: RootView): string {
  switch (link.kind) {
    case 'none':
      return 'no session'
    case 'launching':
      return 'starting a session'
    case 'failed':
      return 'the session did not start'
    case 'connecting':
      return `connecting to ${link.holder.label}, pid ${link.holder.pid}`
    case 'attached':
      return `${link.holder.label}, pid ${link.holder.pid}`
    case 'unreachable':
      return `pid ${link.holder.pid} does not answer${link.holder.trouble === null ? '' : `, ${link.holder.trouble}`}`
    case 'incompatible':
      return `another version, pid ${link.holder.pid}`
  }
}

function rootChildren(root: RootView, now: number): readonly TreeRow[] {
  const outside = outsideBuilds(root).map(({ lock, holder }) =>
    outsideRow(root.root, lock, holder, now),
  )
  const { link } = root
  switch (link.kind) {
    case 'none':
    case 'failed':
      return outside
    case 'launching':
    case 'connecting':
      return [message(root.root, 'loading~spin', sessionText(root), ''), ...outside]
    case 'unreachable':
      return [
        isJustGone(link)
          ? message(
              root.root,
              'loading~spin',
              `connecting to ${link.holder.label}, pid ${link.holder.pid}`,
              '',
            )
          : message(root.root, 'warning', sessionText(root), link.problem),
        ...outside,
      ]
    case 'incompatible':
      return [message(root.root, 'warning', sessionText(root), link.problem), ...outside]
    case 'attached':
      return [
        ...troubleOf(root.root, link.holder),
        ...stateMessages(root.root, link.state),
        ...link.state.targets.map((target) => targetTreeRow(root.root, target, link.holder, now)),
        ...outside,
      ]
  }
}

/** A session that is attached to and yet does not go on, such as one that was stopped by Ctrl-Z. */
function troubleOf(root: string, { pid, trouble }: LockHolder): readonly TreeRow[] {
  return trouble === null ? [] : [message(root, 'warning', `session (pid ${pid})`, trouble)]
}

function stateMessages(root: string, { configuration, paused }: SessionState): readonly TreeRow[] {
  const rows: TreeRow[] = []
  if (configuration.kind === 'invalid') {
    const [first = ''] = configuration.problems
    rows.push(
      message(root, 'error', 'singletrack.jsonc is broken, the last good one is in use', first),
    )
  }
  if (paused) rows.push(message(root, 'debug-pause', 'paused', 'builds wait until it is resumed'))
  return rows
}

function outsideRow(root: string, lock: string, holder: LockHolder, now: number): TreeRow {
  const elapsed = holder.since === null ? '' : `, ${formatElapsed(holder.since, now)}`
  const description = `building (${holder.label}, pid ${holder.pid})${elapsed}`
  return {
    ...message(root, 'sync~spin', lock, description),
    id: `${root}#lock:${lock}`,
    ticks: true,
  }
}

function message(root: string, icon: string, text: string, description: string): TreeRow {
  return {
    id: `${root}#message:${icon}`,
    subject: { kind: 'message', root },
    text,
    description,
    icon: { id: icon, color: icon === 'error' ? 'list.errorForeground' : null },
    context: 'message',
    label: description === '' ? text : `${text}, ${description}`,
    ticks: false,
    expanded: false,
    children: [],
  }
}

function targetTreeRow(
  root: string,
  target: TargetState,
  session: LockHolder,
  now: number,
): TreeRow {
  const row = targetRow(target, session, now)
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
      const place = file === null ? '' : `${file}${line === null ? '' : `:${line}`}`
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
