import { type ChildProcess, spawn } from 'node:child_process'
import { isatty } from 'node:tty'

import { leadsItsGroup } from '@singletrack/orchestrator/client'

/** How a command ended that was run in our place. */
export type PassedThrough =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'spawn-failed'; readonly code: string; readonly message: string }

const PASSED_ON = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP'] as const
/** On a terminal these go to the whole group; the command decides what they mean. */
const FROM_THE_KEYBOARD: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT'])

/**
 * A command in our place. On a terminal it stays in our process group, so that it can read, be
 * stopped and be interrupted like any other; elsewhere it leads a group of its own, so that all of
 * it can be found should we be killed. Until it runs a signal ends the wait for it, afterwards
 * signals are its own.
 */
export class ForegroundCommand implements Disposable {
  /** The signal that came before the command ran. */
  interruptedBy: NodeJS.Signals | null = null
  readonly #argv: readonly [string, ...string[]]
  readonly #onTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor))
  readonly #interruption = new AbortController()
  readonly #handle = (signal: NodeJS.Signals): void => this.#hear(signal)
  #child: ChildProcess | null = null
  #sharesOurGroup = this.#onTerminal

  constructor(argv: readonly [string, ...string[]]) {
    this.#argv = argv
    for (const signal of PASSED_ON) process.on(signal, this.#handle)
  }

  /** Aborts when a signal comes before the command runs. */
  get interrupted(): AbortSignal {
    return this.#interruption.signal
  }

  /** Runs it to its end. */
  async run(options: {
    readonly env: NodeJS.ProcessEnv
    /** Where its standard output goes. */
    readonly stdout: 'stdout' | 'stderr'
    /** Whether an ancestor holds the locks; then the command stays in the group of that build. */
    readonly nested: boolean
    /** Told the process group to be waited for should we be killed, if it is the command's alone. */
    readonly onGroup: (group: number) => void
  }): Promise<PassedThrough> {
    const [program, ...rest] = this.#argv
    this.#sharesOurGroup ||= options.nested
    return new Promise((resolve) => {
      const child = spawn(program, rest, {
        env: options.env,
        stdio: ['inherit', options.stdout === 'stdout' ? 1 : 2, 2],
        detached: !this.#sharesOurGroup,
      })
      this.#child = child
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (child.pid !== undefined) return
        resolve({ kind: 'spawn-failed', code: error.code ?? '', message: error.message })
      })
      child.once('exit', (code, signal) => {
        resolve(signal === null ? { kind: 'code', code: code ?? 0 } : { kind: 'signal', signal })
      })
      if (child.pid === undefined || options.nested) return
      if (!this.#sharesOurGroup) options.onGroup(child.pid)
      // In a script the group is the script's; waiting for that would be waiting for too much.
      else if (leadsItsGroup(process.pid)) options.onGroup(process.pid)
    })
  }

  [Symbol.dispose](): void {
    for (const signal of PASSED_ON) process.off(signal, this.#handle)
  }

  #hear(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid
    if (pid === undefined) {
      this.interruptedBy ??= signal
      this.#interruption.abort(new Error(`ended by ${signal}`))
      return
    }
    if (this.#onTerminal && FROM_THE_KEYBOARD.has(signal)) return
    try {
      process.kill(this.#sharesOurGroup ? pid : -pid, signal)
    } catch {
      // It has just ended, and its end is on its way to us.
    }
  }
}
