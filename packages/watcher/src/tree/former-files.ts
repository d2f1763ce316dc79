import type { DirectoryNode } from './directory-node.ts'

/** Backends coalesce for milliseconds: forgetting all of a thousand names is early enough. */
const FORMER_FILES_MAX = 1_000

/** Notes that a name stood for something that is no directory; see `formerFiles`. */
export function rememberFile(node: DirectoryNode, name: string): void {
  node.formerFiles ??= new Set()
  if (node.formerFiles.size >= FORMER_FILES_MAX) node.formerFiles.clear()
  node.formerFiles.add(name)
}
