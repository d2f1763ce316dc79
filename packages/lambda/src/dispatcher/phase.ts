/** Why an instance gets no more invocations and should end. */
export type RetireReason =
  /** It did not answer within the function's timeout. */
  | 'timeout'
  /** It was started and did not ask for its first invocation in time. */
  | 'init-timeout'
  /** It reported that it could not initialize. */
  | 'init-error'
  /** It stopped asking for invocations while some were waiting. */
  | 'unresponsive'
  /** `drain()`: a successor takes over. */
  | 'drained'
  /** Nothing was in flight or queued for the function's `idleMs`. */
  | 'idle'
  /** There are more than the function's `concurrency`, which was lowered. */
  | 'surplus'
  /** The function was unregistered or the emulator closed. */
  | 'closed'

/**
 * The life of one instance (one process of a function).
 *
 *  starting ──started──► initializing ──poll──► polling ──deliver──► busy
 *      └────────────────────────poll──────────►    ▲                  │ answered
 *                                                  └──poll── away ◄───┘
 *                                          poll closed: polling ─► away
 *
 *  any ──deadline, drain, idle, init error──► retired ──exited──► (forgotten)
 *  any ──exited──────────────────────────────────────────────────► (forgotten)
 */
export type Phase =
  /** Its owner builds or spawns it. Ours is no time limit here: builds take what they take. */
  | { readonly kind: 'starting' }
  /** The process runs and has not asked for an invocation yet. */
  | { readonly kind: 'initializing'; readonly sinceMs: number }
  /** It waits for an invocation. */
  | { readonly kind: 'polling' }
  /** It works on an invocation; with `thenRetire` that is its last. */
  | {
      readonly kind: 'busy'
      readonly invocationId: string
      readonly deadlineMs: number
      /** The limit that the deadline came from; the function's own may be another by now. */
      readonly timeoutMs: number
      readonly thenRetire: boolean
    }
  /** It has answered, or lost its connection, and has not asked again. */
  | { readonly kind: 'away'; readonly sinceMs: number }
  /** It gets nothing more. It still counts until its exit is reported. */
  | { readonly kind: 'retired'; readonly reason: RetireReason }

/** Whether the instance could, now or later, take an invocation that waits. */
export function isServing(phase: Phase): boolean {
  switch (phase.kind) {
    case 'polling':
    case 'away':
      return true
    case 'busy':
      return !phase.thenRetire
    case 'starting':
    case 'initializing':
    case 'retired':
      return false
  }
}

/** Whether the instance is on its way to its first invocation. */
export function isComing(phase: Phase): boolean {
  return phase.kind === 'starting' || phase.kind === 'initializing'
}
