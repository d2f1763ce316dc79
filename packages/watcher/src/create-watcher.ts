import { selectBackend } from './backend/select.ts'
import { FileWatcher } from './file-watcher.ts'
import type { Watcher, WatcherOptions } from './options.ts'
import { resolveOptions } from './resolve-options.ts'

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
  const watcher = new FileWatcher(resolved, selectBackend(options, process.platform))
  const { signal } = options
  if (signal?.aborted === true) void watcher.close()
  // The watcher removes itself from the signal by ending: `once` and a closed watcher do nothing.
  else signal?.addEventListener('abort', () => void watcher.close(), { once: true })
  return watcher
}
