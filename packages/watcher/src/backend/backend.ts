import type { Stats } from 'node:fs'

import type { LossCause } from '../warnings.ts'

/**
 * Where hints about changes come from. A backend decides nothing: the watcher keeps its own index
 * and compares it with the disk wherever a backend points. A backend may point too often; it must
 * not point too rarely without calling `lost`.
 */
export type Backend = DirectoryBackend | RecursiveBackend | SilentBackend

/** Watches one directory at a time, without the directories in it; told which. */
export interface DirectoryBackend {
  readonly kind: 'directory'
  readonly name: string
  open(sink: BackendSink): DirectoryBackendSession
}

export interface DirectoryBackendSession {
  /**
   * Watches the entries of one directory, from the moment it returns. Throws what the system says
   * (`ENOSPC`, `EMFILE`, `ENOENT`, `EACCES`). Watching a directory twice must work: the second
   * watch is made before the first is closed.
   */
  watch(directory: string): DirectoryWatch
  close(): Promise<void>
}

export interface DirectoryWatch {
  close(): void
}

/** Watches whole trees, and asks which directories to leave out. */
export interface RecursiveBackend {
  readonly kind: 'recursive'
  readonly name: string
  open(sink: BackendSink, scope: RecursiveScope): RecursiveBackendSession
}

export interface RecursiveScope {
  readonly root: string
  readonly followSymlinks: boolean
  /** Whether a directory is to be left out with everything in it. */
  excludesDirectory(path: string): boolean
  /**
   * Whether a path is known to stand for something that is no directory, so that a hint is all that
   * is needed of it. Should a directory be found in its place, it will be covered (`cover`).
   */
  isFile(path: string): boolean
}

export interface RecursiveBackendSession {
  /** Resolves when everything covered so far is watched. */
  readonly ready: Promise<void>
  /**
   * Whether what happened in a directory that is covered has been told when the event loop has
   * turned twice. If not, `sync()` compares everything with the disk.
   */
  readonly hearsAtOnce: boolean
  /** Whether it has come to a directory that is covered. If it has not for long, `cover` asks again. */
  hasEntered(directory: string): boolean
  /** Covers these trees too, apart from what the scope excludes. They need not exist. */
  cover(directories: readonly string[]): void
  close(): Promise<void>
}

/** Reports nothing: every directory is polled. */
export interface SilentBackend {
  readonly kind: 'silent'
  readonly name: string
}

/** What a backend tells. Paths are absolute, with forward slashes. */
export interface BackendSink {
  /** Raw events have arrived from the system, before any filtering. */
  raw(count: number): void
  /**
   * Something happened to this path. `entry`: it may have been created, deleted or replaced;
   * `content`: at most what is in it changed; `look`: it may differ from what the watcher knows.
   * `stats`, if the backend has them, spare a look.
   */
  hint(path: string, what: 'entry' | 'content' | 'look', stats?: Stats): void
  /** The same for an entry of a directory, for backends that know the two apart. */
  hintIn(directory: string, name: string, what: 'entry' | 'content'): void
  /** Events may have been lost anywhere. */
  lost(cause: LossCause): void
  /** This directory cannot be watched (`ENOSPC`, `EMFILE`); it will be polled. */
  unwatchable(directory: string, cause: Error): void
  /** Something else failed. */
  failed(cause: Error): void
}
