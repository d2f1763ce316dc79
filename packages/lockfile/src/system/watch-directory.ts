import { watch } from 'node:fs'

/** Ends a watch; calling it twice does nothing. */
export type StopWatching = () => void

/**
 * Calls back after anything changed in a directory. Only ever a hint: it may come late, twice or
 * never (network and virtual file systems give no events), and every user polls as well.
 * Returns null when the system has no watch to give.
 */
export type WatchDirectory = (path: string, onChange: () => void) => StopWatching | null

/** `fs.watch` of this machine. */
export const systemWatch: WatchDirectory = (path, onChange) => {
  try {
    const watcher = watch(path, onChange)
    // A watch that breaks is silent from then on; the poll carries on alone.
    watcher.on('error', () => watcher.close())
    return () => watcher.close()
  } catch {
    return null
  }
}
