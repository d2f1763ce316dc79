import { join } from 'node:path'

import type { StopWatching } from '../system/watch-directory.ts'
import { type InspectOptions, Inspector } from './inspect.ts'
import type { Snapshot } from './snapshot.ts'

/** Two looks are never closer than this, however many locks change hands: four a second at most. */
const LOOK_GAP_MS = 400
/** A death is reported by nothing, so it is looked for. */
const LOOK_MS = 800

/**
 * The locks under a root, now and after every change, for status displays. Equal snapshots are not
 * repeated. Looks at once after a quiet time and at most twice a second otherwise. Ends when
 * disposed, or when the loop over it ends.
 *
 * ```ts
 * using snapshots = watch({ root })
 * for await (const { state, build } of snapshots) show(state, build)
 * ```
 */
export function watch(options: InspectOptions = {}): AsyncIterable<Snapshot> & Disposable {
  return new Watching(options)
}

class Watching implements AsyncIterable<Snapshot>, Disposable {
  readonly #options: InspectOptions
  readonly #ended = new AbortController()

  constructor(options: InspectOptions) {
    this.#options = options
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Snapshot, void, undefined> {
    const inspector = new Inspector(this.#options)
    const { clock } = inspector.system
    let last = ''
    while (!this.#ended.signal.aborted) {
      using changes = new FirstChange(inspector)
      const lookedMs = clock.monotonic()
      const snapshot = inspector.look()
      const text = comparable(snapshot)
      if (text !== last) {
        last = text
        yield snapshot
      }
      await changes.wait(LOOK_MS, this.#ended.signal)
      changes[Symbol.dispose]()
      const tooSoonMs = lookedMs + LOOK_GAP_MS - clock.monotonic()
      if (tooSoonMs > 0) await pause(inspector, tooSoonMs, this.#ended.signal)
    }
  }

  [Symbol.dispose](): void {
    this.#ended.abort()
  }
}

/**
 * Watches all lock directories until the first change, then none of them: under a storm of builds a
 * status display must not be woken for each.
 */
class FirstChange implements Disposable {
  readonly #inspector: Inspector
  readonly #stops: StopWatching[] = []
  #changed = false
  #wake: (() => void) | null = null

  constructor(inspector: Inspector) {
    this.#inspector = inspector
    const directories = inspector
      .sites()
      .flatMap(({ directory, queueDirectory }) => [directory, queueDirectory])
    for (const path of [inspector.locksDirectory, ...directories]) {
      if (inspector.system.files.lstat(path) === null) continue
      const stop = inspector.system.watchDirectory(join(path), () => this.#note())
      if (stop !== null) this.#stops.push(stop)
    }
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#changed || signal.aborted) return
    await new Promise<void>((resolve) => {
      const finish = (): void => {
        cancel()
        signal.removeEventListener('abort', finish)
        this.#wake = null
        resolve()
      }
      const cancel = this.#inspector.system.clock.after(ms, finish)
      signal.addEventListener('abort', finish, { once: true })
      this.#wake = finish
    })
  }

  #note(): void {
    this.#changed = true
    this[Symbol.dispose]()
    this.#wake?.()
  }

  [Symbol.dispose](): void {
    for (const stop of this.#stops.splice(0)) stop()
  }
}

async function pause({ system }: Inspector, ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = (): void => {
      cancel()
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const cancel = system.clock.after(ms, finish)
    signal.addEventListener('abort', finish, { once: true })
  })
}

/** Everything but what changes by itself: for how long a holder is silent. */
function comparable(snapshot: Snapshot): string {
  return JSON.stringify(snapshot, (key, value: unknown) => {
    if (key === 'silentMs') return undefined
    return typeof value === 'bigint' ? value.toString() : value
  })
}
