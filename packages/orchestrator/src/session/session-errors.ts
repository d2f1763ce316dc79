/** Another session of this workspace lives. */
export class SessionHeldError extends Error {
  override readonly name = 'SessionHeldError'
  readonly code = 'SESSION_HELD'
  readonly holder: SessionHolder

  constructor(holder: SessionHolder) {
    super(
      `a session of ${holder.root} runs already: ${holder.label}, pid ${holder.pid}; ` +
        'attach with "singletrack watch NAME", look with "singletrack status", or end that one first',
    )
    this.holder = holder
  }
}

/** Who holds the watch lock. */
export interface SessionHolder {
  readonly root: string
  readonly label: string
  readonly pid: number
}

/** Names that are no targets of the workspace. */
export class UnknownTargetError extends Error {
  override readonly name = 'UnknownTargetError'
  readonly code = 'UNKNOWN_TARGET'

  constructor(unknown: string, known: readonly string[], nearest: string | null) {
    super(
      `there is no target "${unknown}"${nearest === null ? `; there are ${known.join(', ')}` : `; did you mean "${nearest}"?`}`,
    )
  }
}
