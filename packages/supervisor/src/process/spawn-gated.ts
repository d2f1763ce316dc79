import { Writable } from 'node:stream'

import type { Command } from '../command/command.ts'
import { findProgram } from '../command/find-program.ts'
import type { Gate } from '../command/gate.ts'
import type { ProcessEnd } from '../process-end.ts'
import { gateDescriptor, gateOpens, gatedWords } from './gated-words.ts'
import type { ProcessHandle, ProcessListener } from './process-handle.ts'
import { spawnFailure } from './spawn-failure.ts'
import { cwdOf, environmentOf, spawnWords, wordsOf } from './spawn-words.ts'

/**
 * Starts a program behind a gate: the process exists and waits, `gate` is told of it, and only then
 * it becomes the program.
 */
export async function spawnGated(
  command: Command,
  gate: Gate,
  listener: ProcessListener,
  signal: AbortSignal,
): Promise<ProcessHandle> {
  const words = wordsOf(command)
  const cwd = cwdOf(command)
  const env = environmentOf(command)
  const windows = process.platform === 'win32'
  // The shim always starts, so what it would fail to become has to be found out before.
  const found = windows ? undefined : findProgram(words.file, { cwd, path: env['PATH'] })
  if (found !== undefined && 'code' in found) {
    throw spawnFailure(command, words.file, cwd, found.code)
  }

  const end = new HeldEnd(listener)
  const spawning = windows
    ? spawnWords(command, words, end)
    : spawnWords(command, gatedWords(words, env), end, ['pipe'])
  if ('failure' in spawning) return spawning.failure

  const { handle, child } = spawning
  const processGroup = (command.options?.group ?? true) ? handle.pid : 0
  const pipe = child.stdio[gateDescriptor]
  pipe?.on('error', () => {})
  try {
    await Promise.race([gate(handle.pid, processGroup), end.beforeOpening, aborted(signal)])
  } catch (error) {
    pipe?.destroy()
    handle.signal('SIGKILL')
    await end.seen
    throw spawnFailure(command, words.file, cwd, undefined, closedGate(error))
  }
  if (pipe instanceof Writable) pipe.end(gateOpens)
  end.release()
  return handle
}

function closedGate(cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new Error(`the gate did not open: ${reason}`, { cause })
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => reject(new Error('the job is being deleted'))
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

/** Keeps back the end of a process that its job does not know of yet. */
class HeldEnd implements ProcessListener {
  /** Rejects when the process ends while it waits. */
  readonly beforeOpening: Promise<never>
  /** Resolves when the process has ended. */
  readonly seen: Promise<void>
  readonly #listener: ProcessListener
  #end: ProcessEnd | undefined
  #isReleased = false
  #resolve: () => void = () => {}

  constructor(listener: ProcessListener) {
    this.#listener = listener
    this.seen = new Promise((resolve) => {
      this.#resolve = resolve
    })
    this.beforeOpening = this.seen.then(() => {
      throw new Error('the process ended while it waited')
    })
    this.beforeOpening.catch(() => {})
  }

  leaderEnded(end: ProcessEnd): void {
    this.#end = end
    if (this.#isReleased) this.#listener.leaderEnded(end)
    this.#resolve()
  }

  troubled(error: Error): void {
    this.#listener.troubled(error)
  }

  release(): void {
    this.#isReleased = true
    if (this.#end !== undefined) this.#listener.leaderEnded(this.#end)
  }
}
