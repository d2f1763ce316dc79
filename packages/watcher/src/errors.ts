/** Two targets of one watcher have the same id. */
export class DuplicateTargetError extends Error {
  override readonly name = 'DuplicateTargetError'
  readonly code = 'WATCHER_DUPLICATE_TARGET'
  readonly target: string

  constructor(target: string) {
    super(`there is a target "${target}" already; remove it first, or give this one another id`)
    this.target = target
  }
}

/** An option or a target's definition cannot be used. */
export class InvalidOptionError extends Error {
  override readonly name = 'InvalidOptionError'
  readonly code = 'WATCHER_INVALID_OPTION'
  /** The option, with the target's id in front if it is a target's: `api.include`. */
  readonly option: string

  constructor(option: string, problem: string) {
    super(`${option} ${problem}`)
    this.option = option
  }
}

/** The watcher was closed before, or while, it was asked. */
export class WatcherClosedError extends Error {
  override readonly name = 'WatcherClosedError'
  readonly code = 'WATCHER_CLOSED'

  constructor() {
    super('the watcher is closed; create a new one')
  }
}

/** The thread of a watcher with `worker: true` ended by itself, or hangs. */
export class WatcherThreadError extends Error {
  override readonly name = 'WatcherThreadError'
  readonly code = 'WATCHER_THREAD'

  constructor(problem: string, cause?: Error) {
    super(`the thread of the watcher ${problem}; close the watcher and create a new one`, { cause })
  }
}
