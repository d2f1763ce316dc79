import path from 'node:path'

import { isWithin } from './within.ts'

/** A folder of the window. */
export interface OpenFolder {
  /** As it was opened. */
  readonly path: string
  /** With links followed: what sessions, which know of no window, call it. */
  readonly real: string
}

/**
 * A real path as the window knows it: a folder that was opened by a symbolic link shows its files
 * below the link, and takes a file by its real path for one from elsewhere.
 */
export function asOpened(file: string, folders: readonly OpenFolder[]): string {
  const holding = folders.filter(({ real }) => isWithin(real, file))
  // What was opened by its real path as well is shown there.
  if (holding.some((folder) => folder.path === folder.real)) return file
  const [folder] = holding.toSorted((a, b) => b.real.length - a.real.length)
  return folder === undefined ? file : path.join(folder.path, path.relative(folder.real, file))
}

/** A path of the window as sessions know it. */
export function asReal(file: string, folders: readonly OpenFolder[]): string {
  const holding = folders.filter((folder) => isWithin(folder.path, file))
  const [folder] = holding.toSorted((a, b) => b.path.length - a.path.length)
  return folder === undefined ? file : path.join(folder.real, path.relative(folder.path, file))
}
