import { statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

import { type Batch, type Watcher, createWatcher } from '@singletrack/watcher'

import { seenByTimeOfDay } from '../clock/index.ts'
import type { Changes } from './changes.ts'
import type { SeenAt } from './command-loops.ts'
import type { CommandWatchOptions } from './command-watch.ts'
import { watchPatterns } from './watch-patterns.ts'

/** What is under a watched path may be written for so long until it is acted upon all the same. */
const MAX_WAIT_MS = 400

/** Watches what the options name. Directories by themselves and equal content do not count. */
export function watchFiles(
  options: CommandWatchOptions,
  listener: {
    readonly changed: (changes: Changes, seen: SeenAt) => void
    readonly warning: (code: string, message: string) => void
  },
): Watcher {
  const { cwd, debounceMs, singleDebounceMs } = options
  const { root, include, ignore } = watchPatterns({ ...options, isFile })
  const watcher = createWatcher({
    root,
    ignore,
    gitignore: options.gitignore,
    backend: options.poll ? 'poll' : 'auto',
    onWarning: ({ code, message }) => listener.warning(code, message),
  })
  watcher.add({
    id: 'command',
    include,
    debounceMs,
    singleDebounceMs,
    maxWaitMs: Math.max(MAX_WAIT_MS, debounceMs),
    compare: 'hash',
    onBatch: (batch) => {
      const changes = changesOf(batch, root, cwd)
      if (changes.paths.length > 0 || !changes.complete)
        listener.changed(changes, seenByTimeOfDay(batch))
    },
  })
  return watcher
}

function changesOf({ changes, complete }: Batch, root: string, cwd: string): Changes {
  const paths = changes
    .filter(({ type }) => type !== 'dir')
    .map(({ path }) => relative(cwd, join(root, path)).replaceAll(sep, '/'))
  return { paths, complete }
}

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() === true
