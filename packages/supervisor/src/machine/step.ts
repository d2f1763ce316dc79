import type { Grace } from '../control/control.ts'
import type { ProcessEnd } from '../process-end.ts'
import type { TicketOutcome } from '../ticket.ts'
import type { Effect, Reason } from './effect.ts'
import type { After, KillingPhase, Phase, Run, StoppingPhase } from './phase.ts'

/** A transition: where the task is now, and what it has to do. */
export interface Step<T> {
  readonly phase: Phase<T>
  readonly effects: readonly Effect<T>[]
}

/**
 * How long the system gets to end a process after SIGKILL. Only a process in an uninterruptible
 * call takes longer than milliseconds, and it may take for ever.
 */
const killWaitMs = 2_000

export function stay<T>(phase: Phase<T>): Step<T> {
  return { phase, effects: [] }
}

export function settle<T>(tickets: readonly T[], outcome: TicketOutcome): readonly Effect<T>[] {
  return tickets.length === 0 ? [] : [{ kind: 'settle', tickets, outcome }]
}

export function spawn<T>(starters: readonly T[], reason: Reason): Step<T> {
  return {
    phase: { kind: 'spawning', starters, waiters: [] },
    effects: [{ kind: 'spawn', reason }],
  }
}

/** The parts of a run that outlast the change from one of its phases to the next. */
export interface LivingRun<T> {
  readonly run: Run
  readonly end?: ProcessEnd | undefined
  readonly waiters: readonly T[]
}

/** Ends a run: politely if there is a grace, at once if there is none. */
export function beginStop<T>(
  living: LivingRun<T>,
  grace: Grace | undefined,
  after: After<T>,
  reason: Reason,
  now: number,
): Step<T> {
  if (grace === undefined) return kill(living, after, reason, now)
  const phase: StoppingPhase<T> = {
    kind: 'stopping',
    run: living.run,
    end: living.end,
    waiters: living.waiters,
    signal: grace.signal,
    deadline: now + grace.graceMs,
    after,
  }
  return { phase, effects: [{ kind: 'stopSignal', signal: grace.signal, reason }] }
}

export function kill<T>(
  living: LivingRun<T>,
  after: After<T>,
  reason: Reason,
  now: number,
): Step<T> {
  const phase: KillingPhase<T> = {
    kind: 'killing',
    run: living.run,
    end: living.end,
    waiters: living.waiters,
    deadline: now + killWaitMs,
    after,
  }
  return { phase, effects: [{ kind: 'stopSignal', signal: 'SIGKILL', reason }] }
}

/** For an input that the task's gate keeps away from this phase: a bug of this package. */
export function unexpected(phase: { readonly kind: string }, input: string): never {
  throw new Error(`Internal error: ${input} while ${phase.kind}`)
}
