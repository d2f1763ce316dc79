import type { Backend } from './backend/backend.ts'
import type { Clock } from './clock.ts'
import type { WatcherWarning } from './warnings.ts'

/** What a directory entry is. Symbolic links are links unless `followSymlinks` is on. */
export type EntryType = 'file' | 'dir' | 'symlink'

/** The backends that ship with this package. */
export type BackendName = 'chokidar' | 'inotify' | 'poll'

/** One path that differs from what the target was last told. */
export interface Change {
  /** Relative to the root, with forward slashes; begins with `../` for a path outside the root. */
  readonly path: string
  readonly kind: 'add' | 'change' | 'unlink'
  readonly type: EntryType
}

/**
 * What happened to one target since its previous batch. Replaying the changes of all its batches
 * over the files it saw at `ready` gives the files that are on the disk.
 */
export interface Batch {
  /** The `id` of the target. */
  readonly target: string
  /** 1 for the first batch of this target, then one more each time. */
  readonly seq: number
  /** The watcher's change counter up to which this batch tells everything; see `sync()`. */
  readonly clock: number
  /**
   * At most one per path (two if its type changed: the unlink of the old, the add of the new).
   * Unlinks come first, children before parents; then adds and changes, parents before children.
   * Empty if the window came to nothing (see `touched`) or `complete` is false. Targets that get the
   * same share the list, which is frozen unless the target compares content.
   */
  readonly changes: readonly Change[]
  /**
   * Paths that changed and are as they were: created and deleted again, or, with
   * `compare: 'hash'`, written with equal content. Only the caller knows whether something read
   * the state in between.
   */
  readonly touched: readonly string[]
  /** False: the changes could not be listed; assume that anything changed. */
  readonly complete: boolean
  /**
   * `rescan`: found by comparing with the disk after events may have been lost. `offline`: changed
   * since the snapshot, while nobody watched.
   */
  readonly reason: 'events' | 'rescan' | 'offline'
  /**
   * When the first and the last change of the window were seen, in milliseconds since the epoch, by a
   * clock that never goes back: `performance.timeOrigin + performance.now()`. It parts from the time
   * of day when the machine sleeps or its clock is set.
   */
  readonly firstAt: number
  readonly lastAt: number
}

/** A subscriber: which paths it wants, and what to call with their changes. */
export interface TargetDef {
  /** Unique among the targets of one watcher. */
  readonly id: string
  /**
   * Globs relative to the root. A pattern without magic names a file, or a directory with
   * everything in it. A pattern that begins with `!` is an exclude. `*` and `**` match dotfiles.
   * The literal part of a pattern beats the ignore rules that would hide it.
   */
  readonly include: readonly string[]
  /** Globs to leave out; one that matches a directory leaves out everything in it. */
  readonly exclude?: readonly string[]
  /** What this target itself produces: excluded for this target, seen by the others. */
  readonly outputs?: readonly string[]
  /** Of batches due at the same moment, a smaller number is delivered first. Default 0. */
  readonly priority?: number
  /** A batch waits for this many milliseconds without a change. Default: the watcher's. */
  readonly debounceMs?: number
  /**
   * Instead of `debounceMs`, for a batch that says of one file that it was written, or replaced by
   * another of its name, and nothing else: most saves are just that. It is multiplied by how many
   * threads want each processor at that moment, since whoever writes many files may then be waiting
   * for its turn, and is never more than `debounceMs`, which is the default.
   */
  readonly singleDebounceMs?: number
  /**
   * A batch waits at most this many milliseconds after its first change, and up to five times as
   * long while what was seen of a burst is still being looked at. Default: the watcher's.
   */
  readonly maxWaitMs?: number
  /**
   * `trailing` (default): always wait for quiet. `both`: deliver the first change after a quiet
   * time at once, what follows as `trailing` does.
   */
  readonly edge?: 'both' | 'trailing'
  /** `hash`: a file written with equal content counts as touched, not changed. Default `stat`. */
  readonly compare?: 'stat' | 'hash'
  /**
   * Takes one batch. The next one is delivered after this has settled; what changes meanwhile is
   * merged into it. An error is reported as a warning and loses nothing that is still pending.
   * `signal` aborts when the target is removed or the watcher closed.
   */
  onBatch(batch: Batch, signal: AbortSignal): void | Promise<void>
}

/** Options of `createWatcher`. */
export interface WatcherOptions {
  /** The directory to which all paths and globs are relative. It need not exist yet. */
  readonly root: string
  /**
   * `auto` (default): `inotify` on Linux unless links are followed, else `chokidar`. `poll`: no
   * events at all. An object: a backend of your own.
   */
  readonly backend?: 'auto' | BackendName | Backend
  /** Obey `.gitignore` files and `.git/info/exclude`. Default true. */
  readonly gitignore?: boolean
  /** More ignore rules in the syntax of `.gitignore`, relative to the root. */
  readonly ignore?: readonly string[]
  /** Report what is behind symbolic links under the path of the link. Default false. */
  readonly followSymlinks?: boolean
  /** Quiet time before a batch, in milliseconds. Default 50. */
  readonly debounceMs?: number
  /** The longest a batch waits for quiet, in milliseconds. Default 400. */
  readonly maxWaitMs?: number
  /**
   * How long a batch waits after the last change while git holds `index.lock`, in milliseconds.
   * Default 2000; 0 turns the hold off.
   */
  readonly vcsHoldMs?: number
  /**
   * Do all the work in a thread of its own, so that neither a busy program delays the watcher nor
   * the watcher the program. Handlers run where they were given. Default false.
   */
  readonly worker?: boolean
  /**
   * A file that `snapshot()` wrote. What changed since then is the first batch of the targets added
   * before the watcher is ready; `complete` is false if the file is missing or cannot be used.
   */
  readonly snapshot?: string
  /** Closes the watcher. */
  readonly signal?: AbortSignal
  /** Told of limits, lost events, loops and failures. Default: `process.emitWarning`. */
  readonly onWarning?: (warning: WatcherWarning) => void
  /** Time, for tests. */
  readonly clock?: Clock
}

/** A target that has been added. */
export interface Target {
  readonly id: string
  /** Resolves when every change from now on will be delivered to this target. */
  readonly ready: Promise<void>
  /** Same as `watcher.remove(id)`. */
  remove(): void
}

/** What hides a path from all targets. */
export type IgnoredBy =
  /** A line of an ignore file; `file` is relative to the root. */
  | {
      readonly kind: 'file'
      readonly file: string
      /** One-based. */
      readonly line: number
      readonly pattern: string
    }
  /** An entry of the option `ignore`. */
  | { readonly kind: 'option'; readonly pattern: string }
  /** `.git` or `.singletrack`, which are not watched whatever a target includes. */
  | { readonly kind: 'never-watched'; readonly name: string }

/** Why a path is, or is not, delivered. */
export interface Explanation {
  /** Set if the path, or a directory above it, is hidden. */
  readonly ignoredBy?: IgnoredBy
  /** Ids of the targets that get its changes, in the order in which they were added. */
  readonly targets: readonly string[]
  /** Whether the directory that holds the path is being watched or polled. */
  readonly watched: boolean
}

/** What the watcher holds and has done. */
export interface Stats {
  readonly backend: string
  readonly targets: number
  /** Directories and other entries in the index. */
  readonly directories: number
  readonly files: number
  /** Directories with a watch of the operating system, where the backend tells. */
  readonly watches: number
  /** Directories without one, compared in turns. */
  readonly polled: number
  /** Paths that wait in the pending batches of all targets. */
  readonly pending: number
  /** Raw events of the backend, since the start. */
  readonly rawEvents: number
  readonly batches: number
  readonly rescans: number
  /** The change counter; see `Batch.clock`. */
  readonly clock: number
}

/** One watcher for any number of targets. */
export interface Watcher extends AsyncDisposable {
  /** Resolves when everything that the targets added so far ask for is being watched. */
  readonly ready: Promise<void>
  /** Adds a target; throws if its id is taken or a pattern is invalid. */
  add(target: TargetDef): Target
  /** Removes a target: its pending batch is dropped, its handler's signal aborts. */
  remove(id: string): void
  /**
   * A barrier: everything that changed on the disk before the call has been delivered, and every
   * `onBatch` has settled. Does not wait for quiet; waits for git to release its lock, and for a
   * rescan that runs. Resolves to the change counter reached. Rejects if the watcher is closed.
   */
  sync(): Promise<number>
  /**
   * Makes a barrier, then writes what has been told to a file, for the option `snapshot` of a later
   * watcher with the same root. Looks at every file. Rejects with the error of the file system.
   */
  snapshot(file: string): Promise<void>
  /** Says which targets get a path, or which rule hides it. */
  explain(path: string): Explanation
  stats(): Stats
  /** Ends everything; idempotent. Once it has resolved nothing more is delivered. */
  close(): Promise<void>
}
