import type { WatcherWarning } from '../warnings.ts'
import { readInstanceLimit, readWatchLimit } from './inotify-limits.ts'

/** One warning for any number of directories that could not be watched. */
export class LimitReport {
  readonly #warn: (warning: WatcherWarning) => void
  #refused = 0
  #cause: NodeJS.ErrnoException | undefined
  #warned = false

  constructor(warn: (warning: WatcherWarning) => void) {
    this.#warn = warn
  }

  refused(cause: NodeJS.ErrnoException): void {
    this.#refused += 1
    this.#cause ??= cause
  }

  /** Call it when the tree is complete, so that the numbers are. */
  report(directories: number): void {
    if (this.#cause === undefined || this.#warned) return
    this.#warned = true
    const { code } = this.#cause
    const needed = Math.max(directories, this.#refused)
    const limit = code === 'EMFILE' ? readInstanceLimit() : readWatchLimit()
    const remedy = remedyFor(code, needed)
    const said = limit === null ? '' : ` (limit ${limit})`
    this.#warn({
      code: 'WATCH_LIMIT',
      message: `${this.#refused} of ${needed} directories cannot be watched: the system has no ${
        code === 'EMFILE' ? 'watchers' : 'watches'
      } left${said}; they are polled, which is slower. Raise the limit: ${remedy}`,
      needed,
      polled: this.#refused,
      limit,
      remedy,
      cause: this.#cause,
    })
  }
}

function remedyFor(code: string | undefined, needed: number): string {
  if (process.platform !== 'linux') return 'ulimit -n 65536'
  if (code === 'EMFILE') return 'sudo sysctl fs.inotify.max_user_instances=1024'
  // Other programs of the same user need watches too.
  const enough = Math.max(524_288, 2 ** Math.ceil(Math.log2(needed * 2)))
  return `sudo sysctl fs.inotify.max_user_watches=${enough}`
}
