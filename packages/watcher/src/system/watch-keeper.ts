import { existsSync } from 'node:fs'

import type {
  Backend,
  BackendSink,
  DirectoryBackendSession,
  RecursiveBackendSession,
  RecursiveScope,
} from '../backend/backend.ts'
import { isAbove, joinPath, parentOf, relativePath } from '../paths.ts'
import type { DirectoryNode, PollReason, WatchState } from '../tree/directory-node.ts'
import type { WatcherWarning } from '../warnings.ts'
import { foreignFileSystem } from './file-system-type.ts'
import { LimitReport } from './limit-report.ts'
import type { Poller } from './poller.ts'
import { toError } from './to-error.ts'

/** Longer than a backend takes to come to a directory, unless the machine is on its knees. */
const SETTLING_MS = 5_000

export interface WatchKeeperOptions {
  readonly root: string
  readonly backend: Backend
  readonly scope: RecursiveScope
  readonly sink: BackendSink
  readonly poller: Poller
  readonly warn: (warning: WatcherWarning) => void
  readonly foreignFileSystem?: (path: string) => string | undefined
}

type Session =
  | { readonly kind: 'directory'; readonly session: DirectoryBackendSession }
  | { readonly kind: 'recursive'; readonly session: RecursiveBackendSession }
  | { readonly kind: 'silent' }

/**
 * Sees to it that every directory of the tree is either watched by the backend or polled; a
 * directory that is neither does not exist here.
 */
export class WatchKeeper {
  readonly #options: WatchKeeperOptions
  #session: Session
  readonly #limits: LimitReport
  #watches = 0
  #isPrepared = false
  /** Directories that a recursive backend could not watch. */
  readonly #refused = new Set<string>()

  constructor(options: WatchKeeperOptions) {
    this.#options = options
    this.#session = openSession(options)
    this.#limits = new LimitReport(options.warn)
  }

  /**
   * Has a backend that walks trees by itself walk these before the index is made: what changes
   * while it walks is then in the index, and not lost between the two.
   */
  async prepare(directories: readonly string[]): Promise<void> {
    if (this.#session.kind !== 'recursive') return
    this.#session.session.cover(directories)
    await this.#session.session.ready
  }

  get needsPreparation(): boolean {
    return this.#session.kind === 'recursive'
  }

  /** Starts a backend anew that may have lost track of what exists. */
  async renew(directories: readonly string[]): Promise<void> {
    const old = this.#session
    if (old.kind !== 'recursive') return
    this.#refused.clear()
    this.#session = openSession(this.#options)
    await this.prepare(directories)
    await old.session.close()
  }

  /** Directories with a watch of their own. */
  get watches(): number {
    return this.#watches
  }

  /** Whether what happened where the backend watches is known after two turns of the event loop. */
  get hearsAtOnce(): boolean {
    switch (this.#session.kind) {
      case 'silent':
        return false
      case 'recursive':
        return this.#session.session.hearsAtOnce
      case 'directory':
        return true
    }
  }

  watch(node: DirectoryNode): WatchState {
    const foreign = this.#foreign(node)
    if (foreign) return this.#poll(node, 'foreign')
    if (isAbove(node.path, this.#options.root)) return this.#watchAbove(node)
    switch (this.#session.kind) {
      case 'silent':
        return this.#poll(node, 'silent')
      case 'recursive':
        if (this.#refused.has(node.path)) return this.#poll(node, 'limit')
        // The backend comes to a new directory in its own time; what happens in it until then is
        // found by looking.
        if (this.#isPrepared) this.#options.poller.add(node, SETTLING_MS)
        return { kind: 'covered' }
      case 'directory':
        return this.#watchDirectory(node, this.#session.session)
    }
  }

  unwatch(node: DirectoryNode): void {
    this.#options.poller.remove(node)
    if (node.watch.kind !== 'native') return
    node.watch.watch.close()
    node.watch = { kind: 'none' }
  }

  /** The index is made for the first time; directories entered from now on are new. */
  begin(): void {
    this.#isPrepared = true
  }

  /** A directory that the backend may have left out so far. */
  cover(node: DirectoryNode): void {
    if (this.#session.kind === 'recursive' && node.watch.kind === 'covered') {
      this.#session.session.cover([node.path])
    }
  }

  /** A new directory was polled for a while: by now the backend ought to have come to it. */
  settled(node: DirectoryNode): void {
    if (this.#session.kind !== 'recursive' || node.watch.kind !== 'covered') return
    if (!node.attached || this.#session.session.hasEntered(node.path)) return
    this.#options.poller.add(node, SETTLING_MS)
    this.#session.session.cover([node.path])
  }

  /** The backend gave up on a directory, which may not be in the index yet. */
  unwatchable(path: string, node: DirectoryNode | undefined, cause: Error): void {
    if (this.#refused.has(path)) return
    this.#refused.add(path)
    this.#limits.refused(cause)
    if (node === undefined || node.watch.kind === 'polled') return
    this.unwatch(node)
    node.watch = this.#poll(node, 'limit')
  }

  /** A directory that cannot be listed is tried again in turns. */
  retry(node: DirectoryNode): void {
    if (node.watch.kind !== 'polled') this.#options.poller.add(node)
  }

  /** Tells about limits met since the last call, if they were not told before. */
  report(directories: number): void {
    this.#limits.report(directories)
  }

  async close(): Promise<void> {
    if (this.#session.kind !== 'silent') await this.#session.session.close()
  }

  #watchAbove(node: DirectoryNode): WatchState {
    const { root } = this.#options
    const { tracksAll, names } = node.policy
    const isLast = node.path === parentOf(root) || !existsSync(nextOnTheWay(node.path, root))
    const matters = isLast || tracksAll || names.has('.gitignore')
    if (this.#session.kind !== 'directory' || !matters) return this.#poll(node, 'above')
    const state = this.#watchDirectory(node, this.#session.session)
    return state.kind === 'polled' && state.why === 'unreadable' ? this.#poll(node, 'above') : state
  }

  #watchDirectory(node: DirectoryNode, session: DirectoryBackendSession): WatchState {
    try {
      const watch = session.watch(node.path)
      this.#watches += 1
      this.#options.poller.remove(node)
      const close = (): void => {
        this.#watches -= 1
        watch.close()
      }
      return { kind: 'native', watch: { close } }
    } catch (error) {
      const failure = toError(error)
      switch (failure.code) {
        case 'ENOSPC':
        case 'EMFILE':
        case 'ENFILE':
        case 'ENOMEM':
          this.#limits.refused(failure)
          return this.#poll(node, 'limit')
        case 'ENOENT':
        case 'ENOTDIR':
          // It is gone again; listing it will say so.
          return { kind: 'none' }
        default:
          return this.#poll(node, 'unreadable')
      }
    }
  }

  #poll(node: DirectoryNode, why: PollReason): WatchState {
    const state: WatchState = { kind: 'polled', why }
    node.watch = state
    this.#options.poller.add(node)
    return state
  }

  #foreign(node: DirectoryNode): boolean {
    const { parent } = node
    const why = parent?.watch.kind === 'polled' ? parent.watch.why : undefined
    if (parent !== undefined && parent.device === node.device) return why === 'foreign'
    if (isAbove(node.path, this.#options.root)) return false
    const fileSystem = (this.#options.foreignFileSystem ?? foreignFileSystem)(node.path)
    if (fileSystem === undefined) return false
    this.#options.warn({
      code: 'FOREIGN_FILE_SYSTEM',
      message: `${node.path} is on ${fileSystem}, where not all changes cause events; it is polled`,
      path: node.path,
      fileSystem,
    })
    return true
  }
}

/** The entry of a directory above the root through which the root is reached. */
function nextOnTheWay(directory: string, root: string): string {
  return joinPath(directory, relativePath(directory, root).split('/')[0] ?? '')
}

function openSession(options: WatchKeeperOptions): Session {
  const { backend, sink, scope } = options
  switch (backend.kind) {
    case 'silent':
      return { kind: 'silent' }
    case 'directory':
      return { kind: 'directory', session: backend.open(sink) }
    case 'recursive':
      return { kind: 'recursive', session: backend.open(sink, scope) }
  }
}
