/** How a `singletrack` command is found; the file system is passed in. */
export interface CommandPlaces {
  /** What the user has set; wins over everything. */
  readonly setting: string | null
  /** The folders of the root in which a package manager may have installed it. */
  readonly folders: readonly string[]
  readonly join: (...parts: readonly string[]) => string
  readonly exists: (path: string) => boolean
  readonly windows: boolean
}

/**
 * The `singletrack` that tasks run: the one that is set, else the one that the workspace has
 * installed, else the one on the PATH, which the terminal finds or says that it is missing.
 */
export function findCommand({ setting, folders, join, exists, windows }: CommandPlaces): string {
  if (setting !== null) return setting
  const name = windows ? 'singletrack.cmd' : 'singletrack'
  const installed = folders.map((folder) => join(folder, 'node_modules', '.bin', name)).find(exists)
  return installed ?? name
}
