import type { OpenFolder } from './opened-paths.ts'

/** A root that the editor shows, with the folders that led to it. */
export interface OpenRoot {
  /** Absolute real path. */
  readonly root: string
  readonly name: string
  /** The workspace folders inside it or around it; at least one. */
  readonly folders: readonly OpenFolder[]
}

/**
 * The roots of all open folders, each once: two folders of one workspace share its session. The
 * first folder's name stands for the root.
 */
export function openRoots(
  folders: readonly (OpenFolder & { readonly name: string })[],
  rootOf: (path: string) => string | null,
): readonly OpenRoot[] {
  const roots = new Map<string, { name: string; folders: OpenFolder[] }>()
  for (const { name, ...folder } of folders) {
    const root = rootOf(folder.path)
    if (root === null) continue
    const known = roots.get(root)
    if (known === undefined) roots.set(root, { name, folders: [folder] })
    else known.folders.push(folder)
  }
  return [...roots].map(([root, { name, folders: all }]) => ({ root, name, folders: all }))
}
