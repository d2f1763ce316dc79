/** What kind of thing keeps a queued task from running. */
export type HoldKind =
  /** The scheduler is paused. */
  | 'paused'
  /** A dependency, direct or not, is queued or running. */
  | 'dependency'
  /** A task that depends on this one is running, and reads what this one would rewrite. */
  | 'dependent'
  /** The previous run of the same task has not ended. */
  | 'previous-run'
  /** Admitted, and waits in `acquire` for something outside of this process. */
  | 'external'
  /** A resource is in use, or kept back for a task that has waited longer than is fair. */
  | 'resource'
  /** As many tasks are running as may at once. */
  | 'concurrency'
  /** Nothing: it begins as soon as the code that submits is done for now. */
  | 'none'

/** Why a queued task is not running. */
export interface Hold {
  readonly kind: HoldKind
  /** The resources, or the ids of the tasks, that are waited for. */
  readonly on: readonly string[]
  /** Who has it: ids of tasks, or what `acquire` said of the holder outside. */
  readonly holder?: string
  /** Whether the holder does not use the resource yet, but has waited so long that it goes first. */
  readonly reserved?: boolean
  /** Since when, in milliseconds of the scheduler's clock: by the holder, or of the waiting. */
  readonly since: number
}

/** The hold as one line: "waits for resource cargo-target, held by billing for 3 s". */
export function describeHold(hold: Hold, now: number): string {
  const names = hold.on.join(', ')
  const duration = describeDuration(now - hold.since)
  switch (hold.kind) {
    case 'paused':
      return `waits because the scheduler has been paused for ${duration}`
    case 'dependency':
      return `waits for ${plural(hold.on, 'dependency', 'dependencies')} ${names} for ${duration}`
    case 'dependent':
      return `waits until ${names}, which depends on it, has ended; it has run for ${duration}`
    case 'previous-run':
      return `waits for its previous run to end, which has run for ${duration}`
    case 'external': {
      if (hold.holder === undefined) return `is acquiring ${names || 'its lock'} for ${duration}`
      return `waits for ${names || 'a lock'} outside, held by ${hold.holder} for ${duration}`
    }
    case 'resource': {
      const resources = `${plural(hold.on, 'resource', 'resources')} ${names}`
      if (hold.holder === undefined) return `waits for ${resources} for ${duration}`
      const how = hold.reserved === true ? 'kept back for' : 'held by'
      return `waits for ${resources}, ${how} ${hold.holder} for ${duration}`
    }
    case 'concurrency':
      return `waits for ${hold.holder ?? names}: as many tasks are running as may at once`
    case 'none':
      return 'is about to run'
  }
}

/** A duration as people say it: "80 ms", "3 s", "2 min 5 s", "1 h 10 min". */
export function describeDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return withRest(minutes, 'min', seconds % 60, 's')
  return withRest(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

function withRest(amount: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${amount} ${unit}` : `${amount} ${unit} ${rest} ${restUnit}`
}

function plural(names: readonly string[], one: string, many: string): string {
  return names.length === 1 ? one : many
}
