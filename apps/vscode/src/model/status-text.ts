import type { SessionState, TargetState } from '@singletrack/orchestrator'

import { formatElapsed } from './elapsed.ts'
import { isJustGone } from './link.ts'
import { type RootView, outsideBuilds } from './root-view.ts'
import { isFailed } from './target-row.ts'

/** The one item of the status bar. */
export interface StatusText {
  /** With the editor's `$(icon)` marks. */
  readonly text: string
  readonly severity: 'normal' | 'warning' | 'error'
  /** One line for each root. */
  readonly details: readonly string[]
  /** What screen readers say. */
  readonly label: string
}

interface RootStatus {
  readonly icon: string
  readonly text: string
  readonly severity: StatusText['severity']
  readonly rank: number
}

/**
 * What the status bar says of all roots: the one that needs people most speaks. `null` hides it,
 * where nothing is configured and nothing runs.
 */
export function statusText(roots: readonly RootView[], now: number): StatusText | null {
  const shown = roots.filter((root) => root.configured || root.link.kind !== 'none')
  const statuses = shown.map((root) => ({ root, status: rootStatus(root, now) }))
  const [first] = statuses.toSorted((a, b) => b.status.rank - a.status.rank)
  if (first === undefined) return null
  const name = shown.length > 1 ? `${first.root.name}: ` : ''
  const text = `${name}${first.status.text}`
  return {
    text: `$(${first.status.icon}) ${text}`,
    severity: first.status.severity,
    details: statuses.map(
      ({ root, status }) => `${shown.length > 1 ? `${root.name}: ` : ''}${status.text}`,
    ),
    label: `Singletrack, ${text}`,
  }
}

function rootStatus(root: RootView, now: number): RootStatus {
  const { link } = root
  switch (link.kind) {
    case 'none':
      return withoutSession(root, now)
    case 'launching':
      return of('sync~spin', 'starting a session', 'normal', 5)
    case 'failed':
      return of('error', 'the session did not start', 'error', 9)
    case 'connecting':
      return of('sync~spin', `session of ${link.holder.label}`, 'normal', 4)
    case 'unreachable':
      if (isJustGone(link)) return of('sync~spin', `session of ${link.holder.label}`, 'normal', 4)
      return of('warning', `session (pid ${link.holder.pid}) does not answer`, 'warning', 7)
    case 'incompatible':
      return of('warning', 'session of another version', 'warning', 8)
    case 'attached':
      return attached(link.state, now)
  }
}

function withoutSession(root: RootView, now: number): RootStatus {
  const [build] = outsideBuilds(root)
  if (build === undefined) return of('circle-outline', 'no session', 'normal', 1)
  const { label, pid, since } = build.holder
  const elapsed = since === null ? '' : `, ${formatElapsed(since, now)}`
  return of('sync~spin', `building (${label}, pid ${pid})${elapsed}`, 'normal', 4)
}

function attached(state: SessionState, now: number): RootStatus {
  const failed = state.targets.filter(isFailed)
  if (state.configuration.kind === 'invalid') {
    return of('error', 'singletrack.jsonc is broken', 'error', 9)
  }
  const building = state.targets.filter(({ phase }) => phase === 'building')
  if (building.length > 0)
    return of('sync~spin', buildingText(building, failed.length), 'normal', 6)
  if (failed.length > 0) return of('error', failedText(failed), 'error', 9)
  if (state.paused) return of('debug-pause', 'paused', 'warning', 7)
  const held = state.targets.flatMap(({ build }) =>
    build.kind === 'queued' && build.hold !== null ? [build.hold] : [],
  )
  const [hold] = held
  if (hold !== undefined)
    return of('clock', `${hold.text}, ${formatElapsed(hold.since, now)}`, 'normal', 5)
  const ready = state.targets.filter(({ phase }) => phase === 'ready').length
  if (state.settlement.kind === 'busy') return of('sync~spin', `${ready} ready`, 'normal', 3)
  return of('check', ready > 0 ? `${ready} ready` : 'settled', 'normal', 2)
}

const of = (
  icon: string,
  text: string,
  severity: StatusText['severity'],
  rank: number,
): RootStatus => ({ icon, text, severity, rank })

function buildingText(building: readonly TargetState[], failed: number): string {
  const [first] = building
  const names =
    building.length > 1 ? `${first?.name} and ${building.length - 1} more` : (first?.name ?? '')
  return failed > 0 ? `building ${names}, ${failed} failed` : `building ${names}`
}

const failedText = (failed: readonly TargetState[]): string =>
  failed.length === 1 ? `${failed[0]?.name} failed` : `${failed.length} failed`
