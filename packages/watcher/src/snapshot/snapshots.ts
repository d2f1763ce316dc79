import type { Targets } from '../batch/targets.ts'
import type { Change } from '../options.ts'
import { toAbsolute } from '../paths.ts'
import type { ResolvedOptions } from '../resolve-options.ts'
import { snapshotWarning } from '../tree-warnings.ts'
import type { Tree } from '../tree/tree.ts'
import type { WorkQueue } from '../tree/work-queue.ts'
import { type SnapshotEntry, readSnapshot, writeSnapshot } from './snapshot-file.ts'
import { compareWithSnapshot, takeBack, takeSnapshot } from './snapshot-walk.ts'

export interface SnapshotsOptions {
  readonly options: ResolvedOptions
  readonly tree: Tree
  readonly queue: WorkQueue
  readonly targets: Targets
}

/** What changed while nobody watched: takes snapshots of what was told, and compares with one. */
export class Snapshots {
  readonly #parts: SnapshotsOptions

  constructor(parts: SnapshotsOptions) {
    this.#parts = parts
  }

  /** Has what differs from the snapshot of the options told, now that the index is made. */
  compare(): void {
    const { options, tree, queue, targets } = this.#parts
    const { root, snapshot: file, warn } = options
    if (file === undefined) return
    const read = readSnapshot(file, root)
    if (read.kind === 'unusable') warn(snapshotWarning(file, read.problem))
    if (read.kind !== 'snapshot') {
      targets.tellUnknown('offline')
      return
    }
    const tell = (change: Change, region: number): void => {
      targets.count()
      targets.tell(change, region, 'offline')
    }
    queue.append(compareWithSnapshot(tree, options, read.snapshot, tell))
  }

  /** Takes down what the index holds and every target was told; `isClosed` ends it early. */
  async take(file: string, isClosed: () => boolean): Promise<void> {
    const { options, tree, queue, targets } = this.#parts
    const takenAtMs = Date.now()
    const entries = new Map<string, SnapshotEntry>()
    queue.append(takeSnapshot(tree, options, entries))
    await queue.idle()
    if (isClosed()) return
    takeBack(entries, targets.untold)
    await writeSnapshot(toAbsolute(file), { root: options.root, takenAtMs, entries })
  }
}
