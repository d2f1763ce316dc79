import type { Readiness } from '../configuration/workspace.ts'
import { type OpenFiles, type ProcessTable, systemProcessTable } from '../processes/index.ts'
import { checkCommand } from './check-command.ts'
import { checkHttp } from './check-http.ts'
import { checkPort } from './check-port.ts'
import { outputMatched } from './output-matched.ts'
import type { Attempt, CheckContext, Clock, SubscribeToLines } from './readiness-check.ts'
import { SocketNews } from './socket-news.ts'
import { unlessAborted } from './unless-aborted.ts'

export type ReadinessResult =
  | { readonly kind: 'ready'; readonly afterMs: number }
  /** `detail` is one line for people: what was found instead. */
  | { readonly kind: 'timed-out'; readonly detail: string }
  | { readonly kind: 'aborted' }

export interface WaitUntilReadyOptions {
  readonly readiness: Readiness
  /** The process group of the run. */
  readonly pgid: number
  readonly lines: SubscribeToLines
  /** Abort it when the run ends or is stopped: the wait then ends at once, with all it began. */
  readonly signal: AbortSignal
  /** For an `exec` check: where it runs, and its whole environment. */
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /**
   * Told once when it has taken too long; `detail` is one line for people. The wait then goes on,
   * with fewer looks. Without it the wait is over.
   */
  readonly onSlow?: (detail: string) => void
  /** For `lambda`: resolves when the function asks for its first invocation. */
  readonly invocable?: Promise<void>
  readonly table?: ProcessTable
  readonly clock?: Clock
}

// A fast server is seen at once; a slow one costs four looks a second.
const firstPauseMs = 10
const longestPauseMs = 250
// What has taken too long is no longer hurried.
const longestPauseOfSlowMs = 1_000

/** Seen within a twentieth of the time that it takes, without keeping a slow machine busy. */
const glanceMs = (elapsedMs: number): number => Math.min(Math.max(elapsedMs / 20, 5), 100)

/** Made once: each error that an abort makes for itself looks for where it came from. */
const DECIDED = new Error('whether it is ready is decided')

const reasonOf = ({ reason }: AbortSignal): Error =>
  reason instanceof Error ? reason : new Error(String(reason))

const systemClock: Clock = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => {
        clearTimeout(timer)
        reject(reasonOf(signal))
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', abort)
        resolve()
      }, ms)
      if (signal.aborted) abort()
      else signal.addEventListener('abort', abort, { once: true })
    })
  },
}

/**
 * Waits until a run is ready, has taken too long with nobody to be told so, or the signal aborts.
 *
 * Lines are subscribed to before the first pause, so nothing printed meanwhile is missed. When it
 * settles, no timer, socket, listener or process of it is left.
 *
 * @throws SyntaxError when an output pattern is no regular expression.
 */
export async function waitUntilReady(options: WaitUntilReadyOptions): Promise<ReadinessResult> {
  const { readiness, signal, clock = systemClock } = options
  if (signal.aborted) return { kind: 'aborted' }
  if (readiness.kind === 'spawned') return { kind: 'ready', afterMs: 0 }
  const began = clock.now()
  const lifetime = new AbortController()
  // Not `AbortSignal.any`: each look listens and stops listening, which is dear with a signal of many.
  const end = (): void => lifetime.abort(reasonOf(signal))
  signal.addEventListener('abort', end, { once: true })
  const wait = new Wait(options, lifetime.signal, clock)
  const reached = wait.reached(readiness)
  const expired = clock.sleep(readiness.timeoutMs, lifetime.signal)
  try {
    const timedOut = await Promise.race([reached.then(() => false), expired.then(() => true)])
    if (signal.aborted) return { kind: 'aborted' }
    if (timedOut) {
      const detail = `${wait.detail} (waited ${readiness.timeoutMs / 1000} s)`
      if (options.onSlow === undefined) return { kind: 'timed-out', detail }
      wait.isSlow = true
      options.onSlow(detail)
      await reached
    }
    return { kind: 'ready', afterMs: clock.now() - began }
  } catch (error) {
    if (signal.aborted) return { kind: 'aborted' }
    throw error
  } finally {
    signal.removeEventListener('abort', end)
    lifetime.abort(DECIDED)
    await Promise.allSettled([reached, expired])
    wait[Symbol.dispose]()
  }
}

class Wait implements Disposable {
  /** Why it is not ready yet. */
  detail = 'it was not looked at yet'
  isSlow = false
  readonly #options: WaitUntilReadyOptions
  readonly #context: CheckContext
  readonly #clock: Clock
  readonly #files: OpenFiles | null

  constructor(options: WaitUntilReadyOptions, signal: AbortSignal, clock: Clock) {
    const { pgid, table = systemProcessTable() } = options
    this.#options = options
    this.#clock = clock
    this.#files = table.openFiles(pgid)
    const sockets = new SocketNews(this.#files, () => clock.now())
    this.#context = { pgid, table, sockets, signal }
  }

  [Symbol.dispose](): void {
    this.#files?.[Symbol.dispose]()
  }

  /** Resolves when ready; rejects when the signal aborts. */
  async reached(readiness: Readiness): Promise<void> {
    const { lines, cwd, env, invocable } = this.#options
    const context = this.#context
    switch (readiness.kind) {
      case 'spawned':
        return
      case 'port':
        this.detail = `nothing listens on port ${readiness.port}`
        return this.#poll(async () => checkPort(readiness.port, context))
      case 'http':
        this.detail = `nothing listens for ${readiness.url}`
        return this.#poll(async () => checkHttp(new URL(readiness.url), context))
      case 'exec':
        return this.#poll(async () => checkCommand(readiness.command, { cwd, env, ...context }))
      case 'output':
        this.detail = `no line of its output matches /${readiness.pattern}/`
        return outputMatched(lines, readiness.pattern, {
          signal: context.signal,
          onTooSlow: () => {
            this.detail = `the pattern /${readiness.pattern}/ takes too long to match a line; nested repetitions such as "(a+)+" do that`
          },
        })
      case 'lambda':
        this.detail = 'it has not asked for its first invocation'
        return unlessAborted(invocable ?? Promise.resolve(), context.signal)
    }
  }

  async #poll(look: () => Promise<Attempt>): Promise<void> {
    const { signal } = this.#context
    const began = this.#clock.now()
    const elapsed = (): number => this.#clock.now() - began
    for (let pause = firstPauseMs; ;) {
      // oxlint-disable-next-line no-await-in-loop -- polling
      const attempt = await look()
      if (attempt.kind === 'ready') return
      signal.throwIfAborted()
      if (attempt.kind === 'not-yet') this.detail = attempt.detail
      // oxlint-disable-next-line no-await-in-loop -- polling
      await this.#clock.sleep(attempt.kind === 'not-yet' ? pause : glanceMs(elapsed()), signal)
      if (attempt.kind === 'not-yet') {
        const longest = this.isSlow ? longestPauseOfSlowMs : longestPauseMs
        pause = Math.min(pause * 2, longest)
      }
    }
  }
}
