/**
 * Who a process is, beyond its number: numbers are used again, a number with its start time is not.
 * `startTime` is opaque; compare it for equality only. It differs across reboots.
 */
export interface ProcessIdentity {
  readonly pid: number
  readonly startTime: string
}

/** A process that carries one of the wanted marks in its environment. */
export interface MarkedProcess extends ProcessIdentity {
  readonly pgid: number
  readonly nonce: string
}

/** A process that listens on a port. All null when another user's process hides behind the socket. */
export interface PortListener {
  readonly pid: number | null
  readonly pgid: number | null
  /** The command line, short and printable; empty when unknown. */
  readonly command: string
}

/** A process that holds a lock on a file (`flock` or `fcntl`). */
export interface LockHolder {
  readonly pid: number
  readonly command: string
  /** Epoch milliseconds at which the process began, the earliest it can hold the lock. */
  readonly since: number | null
}

/** What the leader of a group, and its descendants in the group, have open; looked at until it is disposed of. */
export interface OpenFiles extends Disposable {
  /**
   * Whether it is more or less than at the last call. Costs little enough to be asked a hundred
   * times a second; a file that took the place of another may be missed.
   */
  hasChanged(): boolean
  /** The sockets among it that they have opened themselves; `null` when one cannot be looked at. */
  sockets(): ReadonlySet<string> | null
}

/** The variable by which every process that a session started can be recognized. */
export const markVariable = 'SINGLETRACK_JOB'

/**
 * What the system says about processes, sockets and locks. Nothing here signals anything, and
 * nothing throws because a process vanished while it was looked at: it is simply not there.
 */
export interface ProcessTable {
  /** Whether listeners can be tied to process groups; elsewhere only the port itself is seen. */
  readonly knowsListeners: boolean
  /** The identity behind a number now, also of a zombie; `null` when there is none. */
  identity(pid: number): ProcessIdentity | null
  /** Whether that very process still runs. A zombie does not; one with live threads does. */
  isAlive(identity: ProcessIdentity): boolean
  /** Process ids in the group, zombies left out. */
  groupMembers(pgid: number): readonly number[]
  /** The value of a variable in the environment that the process was started with. */
  environmentMark(pid: number, name: string): string | null
  /** All living processes of this user whose `SINGLETRACK_JOB` is one of the nonces, never this process. */
  findMarked(nonces: ReadonlySet<string>): readonly MarkedProcess[]
  /** The command line, short and without control characters; empty when the process is gone. */
  describe(pid: number): string
  /** Everyone who listens on a TCP port, on any address. */
  listeners(port: number): Promise<readonly PortListener[]>
  /** Whether nobody listens on a TCP port, on any address. */
  isPortFree(port: number): Promise<boolean>
  /** What a group opens from now on; `null` where the system does not tell. */
  openFiles(pgid: number): OpenFiles | null
  /** Whether one of these sockets listens on a TCP port. */
  isListening(sockets: ReadonlySet<string>, port: number): boolean
  /** Who holds a lock on the file; waiters are left out. Empty where the system does not tell. */
  lockHolders(path: string): readonly LockHolder[]
}
