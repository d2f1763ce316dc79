import type { Phase } from './dispatcher/phase.ts'
import type { FunctionHost } from './host/function-host.ts'
import type { InvocationCounts } from './host/invocation-ledger.ts'

/** One instance, as it is now. */
export interface InstanceStats {
  readonly id: string
  readonly phase: Phase['kind']
  /** From its start to its first `GET /next`; undefined before, or if not known. */
  readonly initDurationMs: number | undefined
  /** Why it is not started yet, as its owner says. */
  readonly held: string | undefined
}

/** One function, as it is now. */
export interface FunctionStats extends InvocationCounts {
  readonly name: string
  readonly queued: number
  readonly inFlight: number
  /** When something was last asked of it or answered by it; milliseconds since the epoch. */
  readonly lastActivityMs: number
  readonly instances: readonly InstanceStats[]
}

/** Everything that can be known of an emulator at one moment. */
export interface EmulatorStats {
  /** Bytes of requests that are held in memory. */
  readonly heldBytes: number
  readonly functions: readonly FunctionStats[]
}

export function functionStats(host: FunctionHost): FunctionStats {
  return {
    name: host.name,
    queued: host.queued,
    inFlight: host.inFlight,
    lastActivityMs: host.lastActivityMs,
    ...host.counts,
    instances: [...host.phases()].map(([id, phase]) => ({
      id,
      phase: phase.kind,
      initDurationMs: host.instance(id)?.initDurationMs,
      held: host.instance(id)?.held,
    })),
  }
}
