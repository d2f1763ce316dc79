/** What changed on the disk, as paths relative to the folder in which the command runs. */
export interface Changes {
  readonly paths: readonly string[]
  /** False: not everything that changed is listed; anything may have. */
  readonly complete: boolean
}

/** More paths than this are not listed: nobody reads them, and they would be kept for each run. */
const MAX_PATHS = 10_000

/** Both, each path once. */
export function mergeChanges(first: Changes | null, second: Changes): Changes {
  const paths = [...new Set([...(first?.paths ?? []), ...second.paths])]
  const complete = (first?.complete ?? true) && second.complete && paths.length <= MAX_PATHS
  return { paths: paths.slice(0, MAX_PATHS), complete }
}

/** The variable in which a run finds the paths whose change started it, one a line. */
const CHANGED_PATHS = 'SINGLETRACK_CHANGED_PATHS'

/** Linux gives one variable 128 KiB, and arguments and environment together share a few MiB. */
const MAX_BYTES = 64 * 1024

/**
 * The variable for a run. It is either complete or absent, never a part that looks like the whole:
 * absent on the first run, and when what changed could not be listed, does not fit into 64 KiB, or
 * has a line break in its name. A program that finds nothing has to assume that anything changed.
 */
export function changedPathsVariable(changes: Changes | null): Readonly<Record<string, string>> {
  if (changes === null || !changes.complete || changes.paths.length === 0) return {}
  if (changes.paths.some((path) => path.includes('\n'))) return {}
  const text = changes.paths.join('\n')
  return Buffer.byteLength(text) > MAX_BYTES ? {} : { [CHANGED_PATHS]: text }
}
