import { selectBackend } from './backend/select.ts'
import { InvalidOptionError } from './errors.ts'
import { FileWatcher } from './file-watcher.ts'
import type { Watcher, WatcherOptions } from './options.ts'
import { type ResolvedOptions, resolveOptions } from './resolve-options.ts'
import type { ThreadOptions } from './worker/messages.ts'
import { RemoteWatcher } from './worker/remote-watcher.ts'

/**
 * Watches one directory tree for any number of targets, and tells each which of its paths changed.
 *
 * Nothing is watched before a target is added. Throws `InvalidOptionError` if an option cannot be
 * used; what goes wrong later is told through `onWarning`.
 *
 * @example
 * await using watcher = createWatcher({ root: '.' })
 * watcher.add({
 *   id: 'api',
 *   include: ['packages/api/**'],
 *   onBatch: ({ changes }) => console.log(changes),
 * })
 * await watcher.ready
 */
export function createWatcher(options: WatcherOptions): Watcher {
  const resolved = resolveOptions(options)
  const backend = selectBackend(options, process.platform)
  const watcher =
    options.worker === true
      ? new RemoteWatcher(resolved, threadOptions(options, resolved))
      : new FileWatcher(resolved, backend)
  const { signal } = options
  if (signal?.aborted === true) void watcher.close()
  // The watcher removes itself from the signal by ending: `once` and a closed watcher do nothing.
  else signal?.addEventListener('abort', () => void watcher.close(), { once: true })
  return watcher
}

/** What goes to the thread; throws `InvalidOptionError` for what cannot. */
function threadOptions(options: WatcherOptions, resolved: ResolvedOptions): ThreadOptions {
  const { backend = 'auto', ignore = [] } = options
  if (typeof backend === 'object') {
    throw new InvalidOptionError('worker', 'needs a backend by name: an object stays in its thread')
  }
  if (options.clock !== undefined) {
    throw new InvalidOptionError('worker', 'has the clock of its own thread; leave out the clock')
  }
  const { root, gitignore, followSymlinks, snapshot } = resolved
  const { debounceMs, maxWaitMs, vcsHoldMs } = resolved
  const timing = { debounceMs, maxWaitMs, vcsHoldMs }
  const rest = snapshot === undefined ? timing : { ...timing, snapshot }
  return { root, backend, gitignore, ignore, followSymlinks, ...rest }
}
