import { type FSWatcher, watch } from 'node:fs'

import { nameOf } from '../paths.ts'
import type { BackendSink, DirectoryBackend, DirectoryBackendSession } from './backend.ts'

/**
 * One `fs.watch` per directory, which on Linux is one inotify watch each. Nothing is listed or
 * looked at here: the watcher does that, and tells which directories it needs.
 */
export const inotifyBackend: DirectoryBackend = {
  kind: 'directory',
  name: 'inotify',
  open(sink): DirectoryBackendSession {
    const open = new Map<FSWatcher, WatchedDirectory>()
    // One listener for all: each function has a first call, and most directories hear of one event.
    const onChange = function (this: FSWatcher, event: string, name: string | null): void {
      const watched = open.get(this)
      if (watched !== undefined) forwardHint(watched, event, name, sink)
    }
    const onError = (error: Error): void => sink.failed(error)
    return {
      watch(directory) {
        const watcher = watch(directory)
        open.set(watcher, { directory, ownName: nameOf(directory) })
        watcher.on('change', onChange)
        watcher.on('error', onError)
        return {
          close() {
            open.delete(watcher)
            watcher.close()
          },
        }
      },
      close() {
        for (const watcher of open.keys()) watcher.close()
        open.clear()
        return Promise.resolve()
      },
    }
  },
}

interface WatchedDirectory {
  readonly directory: string
  readonly ownName: string
}

function forwardHint(
  { directory, ownName }: WatchedDirectory,
  event: string,
  name: string | null,
  sink: BackendSink,
): void {
  sink.raw(1)
  if (name === null) {
    sink.lost('null-filename')
    return
  }
  const what = event === 'rename' ? 'entry' : 'content'
  sink.hintIn(directory, name, what)
  // The directory reports its own end, and its own attributes, under its own name.
  if (name === ownName) sink.hint(directory, what)
}
