/** A root that the editor shows, with the folders that led to it. */
export interface OpenRoot {
  readonly root: string
  readonly name: string
  /** File system paths of the workspace folders inside it or around it. */
  readonly folders: readonly string[]
}

/**
 * The roots of all open folders, each once: two folders of one workspace share its session. The
 * first folder's name stands for the root.
 */
export function openRoots(
  folders: readonly { readonly path: string; readonly name: string }[],
  rootOf: (path: string) => string | null,
): readonly OpenRoot[] {
  const roots = new Map<string, { name: string; folders: string[] }>()
  for (const { path, name } of folders) {
    const root = rootOf(path)
    if (root === null) continue
    const known = roots.get(root)
    if (known === undefined) roots.set(root, { name, folders: [path] })
    else known.folders.push(path)
  }
  return [...roots].map(([root, { name, folders: paths }]) => ({ root, name, folders: paths }))
}
