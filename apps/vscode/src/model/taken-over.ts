import { isWithin } from './within.ts'

/** A root of the window, and whether a session of it is attached. */
export interface AttendedRoot {
  readonly root: string
  readonly attached: boolean
}

/**
 * The files in which a session takes the place of what tasks have found: those of its own root, and
 * those of no root at all, which may be anybody's. What a task has found in a root that nobody
 * watches stays: no session would find it again.
 */
export function takenOver(
  files: readonly string[],
  roots: readonly AttendedRoot[],
): readonly string[] {
  if (!roots.some(({ attached }) => attached)) return []
  // The deepest root that holds a file is its own.
  const deepestFirst = roots.toSorted((a, b) => b.root.length - a.root.length)
  return files.filter(
    (file) => deepestFirst.find(({ root }) => isWithin(root, file))?.attached ?? true,
  )
}
