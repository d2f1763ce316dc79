import type { BuildReport, WaitFor, WaitResult } from '../control/index.ts'
import { type EventType, type SessionEvent, causeChain } from '../events/index.ts'
import { type TargetState, settlementOf } from '../state/index.ts'

/** What became of a target that was to be built; `null` while it is not decided. */
export function buildReport(state: TargetState, submitted: boolean): BuildReport | null {
  const { build, name } = state
  switch (build.kind) {
    case 'none':
    case 'idle':
    case 'queued':
    case 'building':
      return null
    case 'succeeded':
      return {
        target: name,
        status: submitted ? 'built' : 'up-to-date',
        durationMs: build.durationMs,
      }
    case 'failed':
      return {
        target: name,
        status: 'failed',
        durationMs: build.durationMs,
        exitCode: build.end.kind === 'code' ? build.end.code : null,
        signal: build.end.kind === 'signal' ? build.end.signal : null,
        headline: build.headline,
      }
    case 'skipped':
      return { target: name, status: 'skipped', because: build.because }
    case 'canceled':
      return { target: name, status: 'canceled', reason: build.reason }
  }
}

/** Whether what somebody waits for has come, or cannot come any more; `null` while it may. */
export function waitVerdict(waitFor: WaitFor, states: readonly TargetState[]): WaitResult | null {
  const relevant =
    waitFor.kind === 'settled'
      ? states
      : states.filter(({ name }) => waitFor.targets.includes(name))
  const settlement = settlementOf(relevant)
  switch (settlement.kind) {
    case 'busy':
      return null
    case 'broken':
      return settlement
    case 'settled':
      if (waitFor.kind === 'settled') return { kind: 'reached' }
      return readyVerdict(relevant)
  }
}

function readyVerdict(states: readonly TargetState[]): WaitResult {
  const notReady = states.filter(
    ({ run }) => run.kind !== 'ready' && run.kind !== 'none' && run.kind !== 'external',
  )
  if (notReady.length === 0) return { kind: 'reached' }
  return {
    kind: 'broken',
    targets: notReady.map(({ name, phase }) => ({ name, why: `is ${phase}` })),
  }
}

/** What belongs to a chain beside the causes: why it had to wait, and what it ended or let be. */
const ALONGSIDE: ReadonlySet<EventType> = new Set(['held', 'stopping', 'stopped', 'unchanged'])

/**
 * What led to the last thing that happened to a target, from the file on: the causes, and what
 * happened to the target on the way, in the order of time. Output is nobody's doing.
 */
export function whyChain(
  history: readonly SessionEvent[],
  target: string,
): readonly SessionEvent[] {
  const isOfTarget = (event: SessionEvent): boolean => 'target' in event && event.target === target
  const last = history.findLast(
    (event) => isOfTarget(event) && event.type !== 'output' && event.type !== 'warning',
  )
  if (last === undefined) return []
  const causes = causeChain(history, last.id)
  const first = causes[0]?.id ?? last.id
  const ids = new Set(causes.map(({ id }) => id))
  return history.filter(
    (event) =>
      ids.has(event.id) ||
      (event.id > first && event.id < last.id && isOfTarget(event) && ALONGSIDE.has(event.type)),
  )
}

/** What the last build of a target took that came to an end by itself; `null` while there is none. */
export function lastBuildMs(history: readonly SessionEvent[], target: string): number | null {
  const last = history.findLast(
    (event) =>
      (event.type === 'build-succeeded' || event.type === 'build-failed') &&
      event.target === target,
  )
  return last !== undefined && 'durationMs' in last ? last.durationMs : null
}
