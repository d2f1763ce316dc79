import {
  type SessionEvent,
  type TargetState,
  describeEnd,
  describeRevival,
} from '@singletrack/orchestrator'

import { formatDuration, formatElapsed } from './elapsed.ts'
import { innerHold } from './inner-hold.ts'
import { activityText, invocationText, lastInvocation } from './invocations.ts'
import type { LockHolder } from './locks.ts'
import { type TargetAction, targetActions } from './target-actions.ts'

/** An icon of the editor's own set, in one of its theme colors. */
export interface RowIcon {
  readonly id: string
  readonly color: string | null
}

/** One target as a line of the tree. */
export interface TargetRow {
  readonly name: string
  readonly description: string
  readonly icon: RowIcon
  /** What screen readers say. */
  readonly label: string
  readonly actions: readonly TargetAction[]
  readonly failed: boolean
  /** Whether the description goes on changing by itself, because it tells a time. */
  readonly ticks: boolean
}

/** What is known beside the state of a target. */
export interface TargetSurroundings {
  /** Who holds the watch lock. */
  readonly session: LockHolder
  /** What the session has told of, oldest first. */
  readonly history: readonly SessionEvent[]
  readonly now: number
}

/** What the tree shows of a target. */
export function targetRow(target: TargetState, surroundings: TargetSurroundings): TargetRow {
  const description = describe(target, surroundings)
  return {
    name: target.name,
    description,
    icon: iconOf(target),
    label: `${target.name}, ${description}`,
    actions: targetActions(target),
    failed: isFailed(target),
    ticks: ticks(target),
  }
}

/** Whether a person has to do something about the target. */
export function isFailed({ phase, suspended }: TargetState): boolean {
  if (suspended.length > 0) return true
  return (
    phase === 'build-failed' ||
    phase === 'crashed' ||
    phase === 'not-ready' ||
    phase === 'port-in-use'
  )
}

function describe(target: TargetState, surroundings: TargetSurroundings): string {
  const { build } = target
  const { history, now, session } = surroundings
  switch (build.kind) {
    case 'queued':
      return build.hold === null ? 'queued' : holdText(build.hold.text, build.hold.since, now)
    case 'building': {
      const expected =
        build.expectedMs === null ? '' : ` of about ${formatDuration(build.expectedMs)}`
      const hold = innerHold(target, history)
      // What it waits for comes first: the row may be too narrow for more.
      const waits = hold === null ? '' : `, ${hold.text}`
      return `building${waits} (${session.label}, pid ${build.pid ?? session.pid}), ${formatElapsed(build.since, now)}${expected}`
    }
    case 'failed': {
      const serves = target.run.kind === 'ready' ? ' (the last good one serves)' : ''
      return `build failed${serves}: ${firstLine(build.headline)}`
    }
    case 'skipped':
      return `skipped, ${build.because} failed`
    case 'none':
    case 'idle':
    case 'succeeded':
    case 'canceled':
      return [describeRun(target, now), ...invocations(target, history)].join(', ')
  }
}

/** What a function is asked for, and what came of it last. */
function invocations(
  { function: state, name }: TargetState,
  history: readonly SessionEvent[],
): readonly string[] {
  if (state === undefined) return []
  const activity = activityText(state)
  const last = lastInvocation(name, history)
  return [
    ...(activity === '' ? [] : [activity]),
    ...(last === null ? [] : [`last invocation ${invocationText(last)}`]),
  ]
}

function describeRun({ run, build, link, start }: TargetState, now: number): string {
  switch (run.kind) {
    case 'none':
      if (build.kind === 'succeeded') return `built in ${formatDuration(build.durationMs)}`
      return build.kind === 'canceled' ? `build canceled, ${build.reason}` : 'passes changes on'
    case 'external':
      return 'started by a debugger'
    case 'stopped':
      if (start === 'on-invoke' && (run.reason === 'not-started' || run.reason === 'idle')) {
        return 'waits for an invocation'
      }
      return run.reason === 'not-started' ? 'not started' : 'stopped'
    case 'waiting':
      return holdText(run.hold.text, run.hold.since, now)
    case 'port-in-use':
      return `port ${run.port} is in use by ${run.holder}`
    case 'starting':
      return `starting, ${formatElapsed(run.since, now)}`
    case 'ready':
      return (run.link ?? link) === null ? 'ready' : `ready at ${run.link ?? link}`
    case 'not-ready':
      return `not ready: ${run.detail}`
    case 'stopping':
      return `stopping (${run.signal}), ${formatElapsed(run.since, now)}`
    case 'completed':
      return 'completed'
    case 'crashed':
      return run.restartAt === null
        ? `crashed (${describeEnd(run.end)}), ${describeRevival(start)}`
        : `crashed (${describeEnd(run.end)}), restarts in ${formatDuration(run.restartAt - now)}`
  }
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? ''

/** A hold's words with the time since it began, unless they tell a time themselves. */
function holdText(text: string, since: number, now: number): string {
  return /\d\s?(ms|s|min)\b/.test(text) ? text : `${text}, ${formatElapsed(since, now)}`
}

function iconOf({ phase, suspended }: TargetState): RowIcon {
  if (suspended.length > 0) return { id: 'sync-ignored', color: 'list.warningForeground' }
  switch (phase) {
    case 'idle':
    case 'stopped':
      return { id: 'circle-outline', color: null }
    case 'queued':
    case 'waiting':
      return { id: 'clock', color: null }
    case 'building':
      return { id: 'sync~spin', color: null }
    case 'starting':
    case 'stopping':
      return { id: 'loading~spin', color: null }
    case 'build-failed':
      return { id: 'error', color: 'list.errorForeground' }
    case 'crashed':
      return { id: 'flame', color: 'list.errorForeground' }
    case 'not-ready':
    case 'port-in-use':
      return { id: 'warning', color: 'list.warningForeground' }
    case 'skipped':
      return { id: 'debug-step-over', color: 'list.warningForeground' }
    case 'built':
    case 'completed':
      return { id: 'check', color: 'testing.iconPassed' }
    case 'ready':
      return { id: 'pass-filled', color: 'testing.iconPassed' }
    case 'external':
      return { id: 'debug-alt', color: null }
  }
}

function ticks({ build, run }: TargetState): boolean {
  if (build.kind === 'queued') return build.hold !== null
  if (build.kind === 'building') return true
  switch (run.kind) {
    case 'waiting':
    case 'starting':
    case 'stopping':
      return true
    case 'crashed':
      return run.restartAt !== null
    case 'none':
    case 'external':
    case 'stopped':
    case 'port-in-use':
    case 'ready':
    case 'not-ready':
    case 'completed':
      return false
  }
}
