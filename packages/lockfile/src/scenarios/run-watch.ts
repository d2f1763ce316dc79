import { acquire, resolveSite, tryGather } from '../acquire/acquire.ts'
import { type Request, makeRequest } from '../acquire/request.ts'
import type { Lease } from '../holder/lease.ts'
import type { Outcome } from '../names/status.ts'
import type { LockOptions } from '../options.ts'
import { Observer } from '../verdict/observer.ts'
import { holderOf } from '../view/lock-view.ts'
import type { BuildResult } from './build-result.ts'
import { WantInbox } from './want-inbox.ts'
import type { Want } from './want.ts'

/** Builds once under the build lock; `wants` are the requests that this build answers. */
export type Cycle = (cycle: Lease, context: { readonly wants: readonly Want[] }) => Promise<Outcome>

/**
 * A session: takes the `watch` lock, builds at once, and then after every item of `next()` and every
 * request of somebody else, each time under the `build` lock (`options.lock`). A failed build does
 * not end it. Ends when `next()` does, when `options.signal` aborts, or when the watch lock is lost;
 * in the last two cases it rejects. Returns `already-watching` when a session lives.
 *
 * Others ask this session only when `options.key` equals theirs.
 */
export async function runWatch(
  cycle: Cycle,
  next: () => AsyncIterable<void>,
  options: LockOptions = {},
): Promise<BuildResult<void>> {
  const request = makeRequest(options, true)
  const site = resolveSite(request, request.root, 'watch')
  const taken = await takeWatch(request)
  if (taken.kind === 'already-watching') return taken
  const { session } = taken
  await using _session = session
  await using inbox = new WantInbox(request.system, site, request.key)
  const signal = AbortSignal.any([session.signal, ...(options.signal ? [options.signal] : [])])
  using changes = new Changes(next(), signal)
  do {
    await runCycle(cycle, inbox.take(), { ...options, signal })
    await Promise.race([changes.arrival(), inbox.arrival()])
    signal.throwIfAborted()
    changes.take()
  } while (!changes.ended)
  return { kind: 'ran', value: undefined, gen: session.gen }
}

async function runCycle(cycle: Cycle, wants: readonly Want[], options: LockOptions): Promise<void> {
  await using lease = await acquire(options)
  const outcome = await cycle(lease, { wants })
  await lease.release(outcome)
}

type Taken =
  | { readonly kind: 'taken'; readonly session: Lease }
  | (BuildResult<never> & { readonly kind: 'already-watching' })

async function takeWatch(request: Request): Promise<Taken> {
  const site = resolveSite(request, request.root, 'watch')
  const observer = new Observer(request.system, site, request.foreignLeaseMs)
  for (;;) {
    const session = await tryGather(request, [{ root: request.root, lock: 'watch' }])
    if (session !== null) return { kind: 'taken', session }
    const sight = observer.look()
    // Between the two looks it may have come free; then try again.
    if (sight.kind !== 'held') continue
    return { kind: 'already-watching', holder: holderOf(sight.baton, sight.record) }
  }
}

/** The caller's changes, one asked for ahead so that it can be raced with other things. */
class Changes implements Disposable {
  readonly #iterator: AsyncIterator<void>
  readonly #aborted: Promise<'aborted'>
  readonly #signal: AbortSignal
  #coming: Promise<IteratorResult<void>>
  #result: IteratorResult<void> | null = null
  #onAbort: () => void = () => undefined
  ended = false

  constructor(changes: AsyncIterable<void>, signal: AbortSignal) {
    this.#iterator = changes[Symbol.asyncIterator]()
    this.#signal = signal
    this.#aborted = new Promise((resolve) => {
      this.#onAbort = () => resolve('aborted')
      signal.addEventListener('abort', this.#onAbort, { once: true })
    })
    this.#coming = this.#ask()
  }

  async arrival(): Promise<void> {
    const result = await Promise.race([this.#coming, this.#aborted])
    if (result !== 'aborted') this.#result = result
  }

  /** Consumes the change that has come, if one has. */
  take(): void {
    if (this.#result === null) return
    this.ended = this.#result.done === true
    this.#result = null
    if (!this.ended) this.#coming = this.#ask()
  }

  #ask(): Promise<IteratorResult<void>> {
    const coming = this.#iterator.next()
    // It may reject while a build runs; the next `arrival` reports it.
    coming.catch(() => undefined)
    return coming
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#onAbort)
    if (!this.ended) this.#iterator.return?.()?.catch(() => undefined)
  }
}
