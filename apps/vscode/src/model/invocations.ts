import type { FunctionState, SessionEvent, TargetState } from '@singletrack/orchestrator'

import { formatDuration } from './elapsed.ts'

/** What came of one invocation of a function. */
export type Invoked = SessionEvent & { readonly type: 'invoked' }

/** The last invocation of a target that the session has told of; `null` when there was none. */
export function lastInvocation(name: string, history: readonly SessionEvent[]): Invoked | null {
  const last = history.findLast((event) => event.type === 'invoked' && event.target === name)
  return last?.type === 'invoked' ? last : null
}

/** What is asked of a function now, such as `2 instances, 1 in flight, 3 queued`; empty at rest. */
export function activityText({ inFlight, instances, queued }: FunctionState): string {
  const parts: string[] = []
  if (instances > 1) parts.push(`${instances} instances`)
  if (inFlight > 0) parts.push(`${inFlight} in flight`)
  if (queued > 0) parts.push(`${queued} queued`)
  return parts.join(', ')
}

/** What came of an invocation in a few words, such as `ok in 12 ms` or `function error: TypeError`. */
export function invocationText({ durationMs, errorType, result }: Invoked): string {
  const what = result === 'function-error' ? 'function error' : result
  const why = errorType === null ? '' : `: ${errorType}`
  return `${what}${why}${durationMs === null ? '' : ` in ${formatDuration(durationMs)}`}`
}

/** The lines of a tooltip about a target that answers invocations; none about any other. */
export function invocationLines(
  { function: state, name }: TargetState,
  history: readonly SessionEvent[],
): readonly string[] {
  if (state === undefined) return []
  const { inFlight, initMs, instances, queued, url } = state
  const processes = instances === 1 ? '1 instance' : `${instances} instances`
  const lines = [`${processes}, ${inFlight} in flight, ${queued} queued`]
  if (initMs !== null) lines.push(`Initialized in ${formatDuration(initMs)}`)
  if (url !== null) lines.push(`Answers requests at ${url}`)
  const last = lastInvocation(name, history)
  if (last !== null) {
    lines.push(`Last invocation: ${invocationText(last)}`)
    if (last.errorMessage !== null) lines.push(last.errorMessage)
  }
  return lines
}
