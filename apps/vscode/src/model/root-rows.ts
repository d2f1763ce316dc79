import type { SessionState } from '@singletrack/orchestrator'

import { formatElapsed } from './elapsed.ts'
import { isJustGone } from './link.ts'
import type { LockHolder } from './locks.ts'
import { type RootView, outsideBuilds } from './root-view.ts'
import { targetTreeRow } from './target-tree-row.ts'
import type { TreeRow } from './tree-row.ts'

/** A root as a row of its own, in a window that has several. */
export function rootRow(root: RootView, now: number): TreeRow {
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

/** What stands below a root: the session's troubles, its targets, and builds of others. */
export function rootChildren(root: RootView, now: number): readonly TreeRow[] {
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
        ...link.state.targets.map((target) =>
          targetTreeRow(root.root, target, { session: link.holder, history: root.history, now }),
        ),
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
    const text = 'singletrack.jsonc is broken, the last good one is in use'
    // What follows shows the line, which the row leads to.
    const description = first.split('\n', 1)[0] ?? ''
    rows.push({
      ...message(root, 'error', text, description),
      subject: { kind: 'configuration', root },
    })
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
