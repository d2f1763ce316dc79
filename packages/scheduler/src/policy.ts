/** What a policy sees of a queued task. */
export interface TaskView {
  readonly id: string
  /** The highest priority among its submits and those that wait for it. Higher goes first. */
  readonly priority: number
  /** 0: nobody looks, 1: being looked at, 2: somebody waits. Inherited like `priority`. */
  readonly attention: Attention
  /**
   * When the first of its coalesced submits came, in milliseconds of the scheduler's clock. What is
   * submitted in one turn of the event loop came at one time.
   */
  readonly submittedAt: number
  /** Counts up with every submit; two tasks never share one, unlike `submittedAt`. */
  readonly sequence: number
  /** How often a run that was submitted later took something that this task needs. */
  readonly skips: number
  /** What a run is expected to take, learned from earlier ones. Undefined until one succeeded. */
  readonly expectedMs: number | undefined
  /** The longest chain of declared dependencies below it; 0 for a task without any. */
  readonly depth: number
}

/** 0: nobody looks, 1: being looked at, 2: somebody waits. */
export type Attention = 0 | 1 | 2

export function maxAttention(a: Attention, b: Attention): Attention {
  return a > b ? a : b
}

/**
 * Says which of two tasks goes first: negative for the first, positive for the second, 0 for
 * "no opinion". Must be a consistent comparator that depends on the two views alone. What it leaves
 * undecided goes in the order of submission, so every policy is total and stable.
 */
export type Policy = (a: TaskView, b: TaskView) => number

/** First come, first served. */
export function fifo(): Policy {
  return (a, b) => a.sequence - b.sequence
}

/** The latest submit first. */
export function lifo(): Policy {
  return (a, b) => b.sequence - a.sequence
}

/** The highest priority first. */
export function priority(): Policy {
  return (a, b) => compareNumbers(b.priority, a.priority)
}

/** The shortest expected run first. Tasks whose duration is not known yet come after the known. */
export function shortestFirst(): Policy {
  return (a, b) => compareNumbers(a.expectedMs ?? Infinity, b.expectedMs ?? Infinity)
}

/**
 * Level by level: tasks without dependencies first, then those that depend on them, and so on.
 * Dependencies bind under every policy; this one also orders tasks that are ready at the same time.
 */
export function topological(): Policy {
  return (a, b) => a.depth - b.depth
}

/** Where somebody waits first, then what is being looked at, then the short before the long. */
export function attention(): Policy {
  const shortest = shortestFirst()
  return (a, b) => b.attention - a.attention || shortest(a, b)
}

/** Asks each policy in turn until one has an opinion: `compose(priority(), shortestFirst())`. */
export function compose(...policies: readonly Policy[]): Policy {
  return (a, b) => {
    for (const policy of policies) {
      const order = policy(a, b)
      if (order !== 0) return order
    }
    return 0
  }
}

/** A subtraction would make NaN of two infinities. */
function compareNumbers(a: number, b: number): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
