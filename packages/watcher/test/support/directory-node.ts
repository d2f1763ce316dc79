import { DirectoryRules } from '../../src/ignore/directory-rules.ts'
import { nameOf } from '../../src/paths.ts'
import type { DirectoryNode } from '../../src/tree/directory-node.ts'
import { EntryTable } from '../../src/tree/entry-table.ts'

/** An empty directory in which everything is tracked, on a device of this number. */
export function directoryNode(path: string, parent?: DirectoryNode, device = 0): DirectoryNode {
  return {
    path,
    relative: path,
    name: nameOf(path),
    parent,
    entries: new EntryTable(),
    device,
    policy: {
      path,
      segments: [],
      tracksAll: true,
      names: new Set(),
      region: 0,
      hiddenBy: undefined,
      rules: DirectoryRules.of([]),
      suspended: new Set(),
    },
    listedAtMs: 0,
    watch: { kind: 'none' },
    attached: true,
    unreadable: false,
    formerFiles: undefined,
    deferred: undefined,
  }
}
