import { linuxProcesses } from './linux-processes.ts'
import { portableProcesses } from './portable-processes.ts'

/** What can be known of a pid. */
export type ProcessFacts =
  /** Proof: no process has this pid. */
  | { readonly kind: 'gone' }
  /** Some process has it. Null means that the system would not say. */
  | {
      readonly kind: 'present'
      readonly start: string | null
      /** One letter as in ps: `Z` zombie, `X` dead, `T` stopped, `t` stopped by a debugger. */
      readonly state: string | null
      readonly threads: number | null
      /** A debugger is attached. */
      readonly traced: boolean
      readonly uid: number | null
      readonly parent: number | null
    }

/** A process of a group, not a zombie. */
export interface GroupMember {
  readonly pid: number
  readonly start: string
  /** The value of `SINGLETRACK_JOB` in its environment, null if absent or unreadable. */
  readonly job: string | null
}

/** The processes of this machine, as seen from here. */
export interface ProcessTable {
  probe(pid: number): ProcessFacts
  /** The living members of a process group; empty where the system cannot tell. */
  members(group: number): GroupMember[]
  /** Sends a signal; a negative pid means a group. Throws the system's errors. */
  signal(pid: number, signal: NodeJS.Signals): void
  /** The process group of this process, null where there is no such thing. */
  ownGroup(): number | null
}

/** The table for this platform. */
export const systemProcesses: ProcessTable =
  process.platform === 'linux' ? linuxProcesses : portableProcesses
