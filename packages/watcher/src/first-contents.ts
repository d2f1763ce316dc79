import type { ListedFile } from './batch/file-contents.ts'
import type { Targets } from './batch/targets.ts'
import type { Clock, Timer } from './clock.ts'
import type { Tree } from './tree/tree.ts'

/** A little at a time: whoever is told of a change must not notice. */
const SLICE_MS = 2
const PAUSE_MS = 10

export interface FirstContentsOptions {
  readonly tree: Tree
  readonly targets: Targets
  readonly clock: Clock
}

/**
 * Has the content of files taken down that nobody has changed yet, so that also the first touch of
 * a file can be told from a change.
 */
export class FirstContents implements Disposable {
  readonly #options: FirstContentsOptions
  #timer: Timer | undefined

  constructor(options: FirstContentsOptions) {
    this.#options = options
  }

  /** The first index is complete. */
  begin(): void {
    const { tree, targets } = this.#options
    this.#pause(targets.contents.takeDown(comparedFiles(tree, targets)), 0)
  }

  [Symbol.dispose](): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer)
  }

  #pause(work: Iterator<void>, ms: number): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      const until = performance.now() + SLICE_MS
      while (performance.now() < until) if (work.next().done === true) return
      this.#pause(work, PAUSE_MS)
    }, ms)
  }
}

/** The files in the index whose content some target compares. */
function* comparedFiles(tree: Tree, targets: Targets): Generator<ListedFile> {
  // Most watchers have none, and trees are large.
  if (!targets.someCompareContent) return
  for (const { relative, entries, listedAtMs } of tree.directories) {
    for (const [name, { type, region }] of entries) {
      if (type !== 'file' || region === Number.POSITIVE_INFINITY) continue
      const path = relative === '' ? name : `${relative}/${name}`
      if (targets.comparesContent(path, region)) yield { path, listedAtMs }
    }
  }
}
