import { FSWatcher } from 'chokidar'

import { joinPath, toSlashes } from '../paths.ts'
import { toError } from '../system/to-error.ts'
import type { BackendSink, RecursiveBackend, RecursiveScope } from './backend.ts'
import { ChokidarFilter } from './chokidar-filter.ts'

/**
 * chokidar 6: the portable backend. Its raw events point at what happened at once; its own events,
 * a little later, at what it found when it listed a new directory. Both are hints like any other.
 */
export const chokidarBackend: RecursiveBackend = {
  kind: 'recursive',
  name: 'chokidar',
  open(sink, scope) {
    // One watch for each directory tells at once; FSEvents and what is behind a link take their time.
    const watchesDirectories = process.platform === 'linux' && !scope.followSymlinks
    const filter = watchesDirectories ? new ChokidarFilter(scope) : undefined
    const watcher = new FSWatcher({
      // Ours to decide: chokidar would hold unlinks for 100 ms and skip names like "a~".
      atomic: false,
      // The index is made when it is ready, and new directories are looked at for a while.
      ignoreInitial: true,
      alwaysStat: false,
      followSymlinks: scope.followSymlinks,
      ignored: (path, stats) =>
        filter === undefined
          ? stats?.isDirectory() === true && scope.excludesDirectory(toSlashes(path))
          : filter.leavesOut(path, stats),
    })
    const closed = Promise.withResolvers<void>()
    const ready = new Promise<void>((resolve) => watcher.once('ready', () => resolve()))
    watcher.once('ready', () => filter?.walked())
    watcher.on('unlinkDir', (path) => filter?.left(path))
    forwardHints(watcher, sink, scope)
    watcher.on('error', (error) => reportError(sink, error))
    let covered = false
    return {
      get ready() {
        // chokidar says "ready" once in its life; what is covered later is found all the same.
        return covered ? Promise.race([ready, closed.promise]) : Promise.resolve()
      },
      hearsAtOnce: watchesDirectories,
      hasEntered: (directory) => filter?.hasEntered(directory) ?? true,
      cover(directories) {
        covered = true
        watcher.add([...directories])
      },
      close() {
        closed.resolve()
        return watcher.close()
      },
    }
  },
}

function forwardHints(watcher: FSWatcher, sink: BackendSink, scope: RecursiveScope): void {
  watcher.on('all', (_event, path, stats) => {
    sink.hint(toSlashes(path), 'look', scope.followSymlinks ? undefined : stats)
  })
  watcher.on('raw', (event, path, details: unknown) => {
    sink.raw(1)
    const directory = watchedPath(details)
    if (directory === undefined) return
    if (typeof path !== 'string') {
      sink.lost('null-filename')
      return
    }
    const what = event === 'rename' ? 'entry' : 'content'
    const name = toSlashes(path)
    // A watch of a whole tree tells a path, not a name.
    if (name.includes('/')) sink.hint(joinPath(directory, name), what)
    else sink.hintIn(directory, name, what)
    // A directory reports its own end under its own name.
    if (isNameOf(name, directory)) sink.hint(directory, what)
  })
}

function isNameOf(name: string, directory: string): boolean {
  return directory.endsWith(name) && directory[directory.length - name.length - 1] === '/'
}

function watchedPath(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null || !('watchedPath' in details))
    return undefined
  return typeof details.watchedPath === 'string' ? toSlashes(details.watchedPath) : undefined
}

function reportError(sink: BackendSink, error: unknown): void {
  const failure = toError(error)
  const { code, path } = failure
  if ((code === 'ENOSPC' || code === 'EMFILE') && path !== undefined) {
    sink.unwatchable(toSlashes(path), failure)
    return
  }
  sink.failed(failure)
}
