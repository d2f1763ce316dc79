/** Something the user of the watcher should know. `message` is a sentence ready to print. */
export type WatcherWarning =
  | LimitWarning
  | LoopWarning
  | ForeignFileSystemWarning
  | BackendFailedWarning
  | UnreadableWarning
  | RootWarning
  | RescanWarning
  | HandlerFailedWarning
  | ThreadEndedWarning
  | ThreadHangsWarning
  | SnapshotWarning

/** The system has no watches left; `polled` directories are compared in turns instead. */
export interface LimitWarning {
  readonly code: 'WATCH_LIMIT'
  readonly message: string
  readonly needed: number
  readonly polled: number
  /** `null` if the system does not tell. */
  readonly limit: number | null
  /** The command that raises the limit. */
  readonly remedy: string
  readonly cause: Error
}

/** A target's handler keeps changing the files that trigger it. Nothing is paused. */
export interface LoopWarning {
  readonly code: 'TARGET_LOOP'
  readonly message: string
  readonly target: string
  readonly paths: readonly string[]
  /** How many batches in a row had exactly these paths while the handler ran. */
  readonly repeats: number
}

/** Events of other machines, or any at all, do not arrive from this file system; it is polled. */
export interface ForeignFileSystemWarning {
  readonly code: 'FOREIGN_FILE_SYSTEM'
  readonly message: string
  readonly path: string
  /** For example `nfs`. */
  readonly fileSystem: string
}

/** The backend reported an error; what it covered is polled or compared again. */
export interface BackendFailedWarning {
  readonly code: 'BACKEND_FAILED'
  readonly message: string
  readonly backend: string
  readonly cause: Error
}

/** A directory cannot be listed; it is tried again in turns. */
export interface UnreadableWarning {
  readonly code: 'UNREADABLE_DIRECTORY'
  readonly message: string
  readonly path: string
  readonly cause: Error
}

/** The root vanished (everything in it was reported as unlinked), or is back. */
export interface RootWarning {
  readonly code: 'ROOT_REMOVED' | 'ROOT_RESTORED'
  readonly message: string
  readonly path: string
}

/** Events may have been lost; everything is compared with the disk. */
export interface RescanWarning {
  readonly code: 'EVENTS_LOST'
  readonly message: string
  readonly cause: LossCause
}

/** What made the watcher suspect that events were lost. */
export type LossCause = 'overflow' | 'null-filename' | 'stalled' | 'backend'

/** A target's `onBatch` threw or rejected. */
export interface HandlerFailedWarning {
  readonly code: 'HANDLER_FAILED'
  readonly message: string
  readonly target: string
  readonly cause: unknown
}

/** The thread of a watcher with `worker: true` ended by itself; the watcher is closed. */
export interface ThreadEndedWarning {
  readonly code: 'THREAD_ENDED'
  readonly message: string
  readonly cause: Error
}

/** The thread of a watcher with `worker: true` did not end when it was closed. */
export interface ThreadHangsWarning {
  readonly code: 'THREAD_HANGS'
  readonly message: string
}

/** The snapshot cannot be used; every target is told that anything may have changed. */
export interface SnapshotWarning {
  readonly code: 'SNAPSHOT_UNUSABLE'
  readonly message: string
  readonly path: string
}

/** Where warnings go if nobody asked for them: Node prints them once per process and text. */
export function emitProcessWarning(warning: WatcherWarning): void {
  process.emitWarning(warning.message, { type: 'WatcherWarning', code: warning.code })
}
