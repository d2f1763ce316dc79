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
    const open = new Set<FSWatcher>()
    return {
      watch(directory) {
        const watcher = watchDirectory(directory, sink)
        open.add(watcher)
        watcher.on('error', (error) => sink.failed(error))
        return {
          close() {
            open.delete(watcher)
            watcher.close()
          },
        }
      },
      close() {
        for (const watcher of open) watcher.close()
        open.clear()
        return Promise.resolve()
      },
    }
  },
}

function watchDirectory(directory: string, sink: BackendSink): FSWatcher {
  const ownName = nameOf(directory)
  return watch(directory, (event, name) => {
    sink.raw(1)
    if (name === null) {
      sink.lost('null-filename')
      return
    }
    const what = event === 'rename' ? 'entry' : 'content'
    sink.hintIn(directory, name, what)
    // The directory reports its own end, and its own attributes, under its own name.
    if (name === ownName) sink.hint(directory, what)
  })
}
