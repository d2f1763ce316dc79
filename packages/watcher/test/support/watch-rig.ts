import {
  type BackendName,
  type Batch,
  type TargetDef,
  type Watcher,
  type WatcherOptions,
  type WatcherWarning,
  createWatcher,
} from '../../src/index.ts'
import { toError } from '../../src/system/to-error.ts'
import { type FileState, Replay, readDisk } from './disk.ts'
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts'

/** The backends that run on this machine. */
export const BACKENDS: readonly BackendName[] =
  process.platform === 'linux' ? ['inotify', 'chokidar', 'poll'] : ['chokidar', 'poll']

/** The same, and the default backend in a thread of its own. */
export const SUBJECTS: readonly Subject[] = [...BACKENDS, 'worker']

export type Subject = BackendName | 'worker'

export interface WatchRig extends AsyncDisposable {
  readonly directory: TemporaryDirectory
  readonly root: string
  readonly watcher: Watcher
  readonly batches: Batch[]
  readonly warnings: WatcherWarning[]
  /** `kind path`, over all batches so far, and forgets them. */
  take(): string[]
  /** A barrier, then `take()`. */
  settle(): Promise<string[]>
}

export interface RigOptions {
  readonly files?: Readonly<Record<string, string>>
  readonly watcher?: Partial<WatcherOptions>
  /** `false`: no target; otherwise what differs from one that takes everything. */
  readonly target?: Partial<TargetDef> | false
}

/** A directory with files and a watcher on it that is ready. */
export async function watchRig(subject: Subject, options: RigOptions = {}): Promise<WatchRig> {
  const directory = await temporaryDirectory(options.files)
  const batches: Batch[] = []
  const warnings: WatcherWarning[] = []
  const watcher = createWatcher({
    root: directory.path,
    ...subjectOptions(subject),
    debounceMs: 20,
    maxWaitMs: 200,
    onWarning: (warning) => warnings.push(warning),
    ...options.watcher,
  })
  if (options.target !== false) {
    const onBatch = (batch: Batch): void => void batches.push(batch)
    watcher.add({ id: 'all', include: ['**'], onBatch, ...options.target })
  }
  await watcher.ready
  const take = (): string[] =>
    batches.splice(0).flatMap(({ changes }) => changes.map(({ kind, path }) => `${kind} ${path}`))
  return {
    directory,
    root: directory.path,
    watcher,
    batches,
    warnings,
    take,
    async settle() {
      await watcher.sync()
      return take()
    },
    async [Symbol.asyncDispose]() {
      await watcher.close()
      await directory[Symbol.asyncDispose]()
    },
  }
}

export function subjectOptions(subject: Subject): Pick<WatcherOptions, 'backend' | 'worker'> {
  return subject === 'worker' ? { worker: true } : { backend: subject }
}

/** Follows a watcher's batches and holds them against the disk. */
export class Oracle {
  #before: Map<string, FileState>
  #replay: Replay
  readonly #root: string
  #contradiction: Error | undefined

  constructor(root: string) {
    this.#root = root
    this.#before = readDisk(root)
    this.#replay = new Replay(this.#before)
  }

  readonly onBatch = (batch: Batch): void => {
    try {
      this.#replay.apply(batch)
    } catch (error) {
      this.#contradiction ??= toError(error)
    }
  }

  /** Throws unless the batches so far tell exactly what is on the disk. */
  check(): void {
    if (this.#contradiction !== undefined) throw this.#contradiction
    const now = readDisk(this.#root)
    const wrong = [
      ...this.#replay.differences(now),
      ...this.#replay.unnamed(this.#before, now).map((path) => `${path}: changed, never named`),
    ]
    if (wrong.length > 0)
      throw new Error(
        `the batches do not tell what is on the disk:\n${wrong.slice(0, 20).join('\n')}`,
      )
    this.#before = now
    this.#replay.named.clear()
  }
}
