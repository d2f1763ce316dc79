import type { Readable } from 'node:stream'

import type { Clock, Timer } from '../clock.ts'
import { Handoff } from './handoff.ts'
import type { JobOutput, OutputLine, OutputListener } from './output-line.ts'
import { StreamSource } from './stream-source.ts'

/**
 * After the end of a run a process outside its group may still hold the pipe. When nothing has come
 * out of it for this long, we stop reading; what a dead process left in a pipe is there at once.
 */
const silenceMs = 200

/**
 * Reads the streams of a job's runs and hands on their lines, one at a time and only as fast as the
 * slowest listener: at most one chunk of lines is held here.
 */
export class OutputHub implements JobOutput {
  readonly #clock: Clock
  readonly #onListenerError: (error: unknown) => void
  #listeners: readonly OutputListener[] = []
  #sources: readonly StreamSource[] = []
  #lines: readonly OutputLine[] = []
  #nextLine = 0
  #isDelivering = false
  #lastRunOver = 0
  #silence: Timer | undefined
  #drainWaiters: (() => void)[] = []
  #closeListeners = new Set<() => void>()
  #isClosed = false

  constructor(clock: Clock, onListenerError: (error: unknown) => void) {
    this.#clock = clock
    this.#onListenerError = onListenerError
  }

  on(listener: OutputListener): () => void {
    this.#listeners = [...this.#listeners, listener]
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener)
    }
  }

  [Symbol.asyncIterator](): AsyncIterator<OutputLine> {
    const handoff = new Handoff<OutputLine>(() => {
      off()
      this.#closeListeners.delete(end)
    })
    const off = this.on((line) => handoff.offer(line))
    const end = (): void => handoff.end()
    if (this.#isClosed) end()
    else this.#closeListeners.add(end)
    return handoff
  }

  async drained(): Promise<void> {
    if (this.#isDrained()) return
    await new Promise<void>((resolve) => {
      this.#drainWaiters.push(resolve)
    })
  }

  /** Begins to read the streams of a run. */
  attach(
    runId: number,
    streams: { readonly stdout: Readable | undefined; readonly stderr: Readable | undefined },
    maxLineBytes: number,
  ): void {
    const onReady = (): void => this.#pump()
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = streams[name]
      if (stream === undefined) continue
      const source = new StreamSource(runId, name, stream, maxLineBytes, onReady)
      this.#sources = [...this.#sources, source]
    }
  }

  /** All runs up to this one are over. */
  runOver(runId: number): void {
    this.#lastRunOver = runId
    this.#pump()
  }

  /** Waits for what is on its way, but not longer than `limitMs`, and then closes every stream. */
  async close(limitMs: number): Promise<void> {
    if (!this.#isDrained()) {
      await new Promise<void>((resolve) => {
        const timer = this.#clock.setTimer(limitMs, resolve)
        this.#drainWaiters.push(() => {
          timer.cancel()
          resolve()
        })
      })
    }
    this.#isClosed = true
    this.#silence?.cancel()
    for (const source of this.#sources) source.close()
    this.#sources = []
    this.#lines = []
    for (const end of this.#closeListeners) end()
    for (const resolve of this.#drainWaiters.splice(0)) resolve()
  }

  /** Delivers until a listener asks for time or there is nothing left. */
  #pump(): void {
    while (!this.#isDelivering && !this.#isClosed) {
      const line = this.#lines[this.#nextLine]
      if (line !== undefined) {
        this.#nextLine += 1
        this.#deliver(line)
      } else if (!this.#refill()) {
        break
      }
    }
    this.#watchForSilence()
    if (this.#isDrained()) for (const resolve of this.#drainWaiters.splice(0)) resolve()
  }

  #deliver(line: OutputLine): void {
    const pending: Promise<void>[] = []
    for (const listener of this.#listeners) {
      try {
        const result = listener(line)
        if (result !== undefined) pending.push(result.catch(this.#onListenerError))
      } catch (error) {
        this.#onListenerError(error)
      }
    }
    if (pending.length === 0) return
    this.#isDelivering = true
    void this.#goOnAfter(pending)
  }

  async #goOnAfter(pending: readonly Promise<void>[]): Promise<void> {
    await Promise.all(pending)
    this.#isDelivering = false
    this.#pump()
  }

  /** Takes the next chunk, of the oldest run first, its streams by turns. */
  #refill(): boolean {
    this.#lines = []
    this.#nextLine = 0
    const byAge = this.#sources.toSorted((a, b) => a.runId - b.runId)
    for (const source of byAge) {
      if (this.#listeners.length === 0) {
        if (source.discard()) return true
      } else {
        const lines = source.read()
        if (lines !== undefined) {
          this.#lines = lines
          this.#sources = [...this.#sources.filter((other) => other !== source), source]
          return true
        }
      }
      if (source.isEnded) {
        this.#sources = this.#sources.filter((other) => other !== source)
        this.#lines = source.end()
        return true
      }
    }
    return false
  }

  #watchForSilence(): void {
    this.#silence?.cancel()
    this.#silence = undefined
    if (this.#isDelivering || this.#isClosed || !this.#hasSourceOfEndedRun()) return
    this.#silence = this.#clock.setTimer(silenceMs, () => {
      for (const source of this.#sources) if (source.runId <= this.#lastRunOver) source.close()
    })
  }

  #hasSourceOfEndedRun(): boolean {
    return this.#sources.some((source) => source.runId <= this.#lastRunOver)
  }

  #isDrained(): boolean {
    const isEmpty = this.#nextLine >= this.#lines.length && !this.#isDelivering
    return this.#isClosed || (isEmpty && !this.#hasSourceOfEndedRun())
  }
}
