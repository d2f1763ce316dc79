import { InstanceRetiredError, type Instance, type InstanceExit } from '@singletrack/lambda'

import type { Target } from '../configuration/index.ts'
import type { End, StopReason } from '../state/index.ts'

/**
 * The variables of one instance. What the target's own configuration says wins, except for the
 * address at which the function must ask for work.
 */
export function instanceVariables(
  target: Target,
  env: Instance['env'],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => name === 'AWS_LAMBDA_RUNTIME_API' || !(name in target.env),
    ),
  )
}

/** How a process ended, in the words of the emulator. */
export function exitOf(end: End): InstanceExit {
  switch (end.kind) {
    case 'code':
      return { kind: 'code', code: end.code }
    case 'signal':
      return { kind: 'signal', signal: end.signal }
    case 'spawn-failed':
      return { kind: 'spawn-failed', cause: new Error(end.message) }
  }
}

/** Why an instance that was retired is ended; `closed` is what its function is being ended for. */
export function stopReasonOf(reason: unknown, closed: StopReason): StopReason {
  if (!(reason instanceof InstanceRetiredError)) return closed
  switch (reason.reason) {
    case 'timeout':
      return 'timed-out'
    case 'init-timeout':
    case 'init-error':
      return 'init-failed'
    case 'unresponsive':
      return 'unresponsive'
    case 'drained':
      return 'replaced'
    case 'idle':
      return 'idle'
    case 'surplus':
      return 'surplus'
    case 'closed':
      return closed
  }
}

/** What to say of an instance that could not initialize; `null` for one that is ended otherwise. */
export function complaintOf(reason: unknown, { run }: Target): string | null {
  if (!(reason instanceof InstanceRetiredError)) return null
  if (reason.reason === 'init-error') return 'it reported an error of its initialization'
  if (reason.reason !== 'init-timeout') return null
  const waited = run?.ready.kind === 'lambda' ? ` (waited ${run.ready.timeoutMs / 1000} s)` : ''
  return `it has not asked for its first invocation${waited}`
}
