import { type SignalAnswer, hearSignal, noSignals } from './signal-policy.ts'

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Listens to the signals that end a session, for as long as it is not disposed. */
export class SignalControl implements Disposable {
  /** The first signal that was heard; it decides the exit code. */
  first: NodeJS.Signals | null = null
  #memory = noSignals
  #listener: (signal: NodeJS.Signals, answer: Exclude<SignalAnswer, 'ignore'>) => void = () =>
    undefined
  readonly #heard: {
    readonly signal: NodeJS.Signals
    readonly answer: Exclude<SignalAnswer, 'ignore'>
  }[] = []
  #listening = false
  #outputFailed = false
  readonly #handle = (signal: NodeJS.Signals): void => this.hear(signal)
  readonly #onOutputError = (error: NodeJS.ErrnoException): void => {
    // It fails once more with every line that is still to be said.
    if (this.#outputFailed) return
    this.#outputFailed = true
    this.hear(error.code === 'EIO' ? 'SIGHUP' : 'SIGPIPE')
  }

  constructor() {
    for (const signal of ENDING) process.on(signal, this.#handle)
    // Node ignores SIGPIPE: a reader that has gone is an error of the stream, a closed terminal too.
    process.stdout.on('error', this.#onOutputError)
    process.stderr.on('error', ignore)
  }

  /** Sets who is told; what was heard before is told at once. */
  onSignal(
    listener: (signal: NodeJS.Signals, answer: Exclude<SignalAnswer, 'ignore'>) => void,
  ): void {
    this.#listener = listener
    this.#listening = true
    for (const { signal, answer } of this.#heard.splice(0)) listener(signal, answer)
  }

  [Symbol.dispose](): void {
    for (const signal of ENDING) process.off(signal, this.#handle)
    // The listeners of the streams stay: what is left to be written fails after this.
  }

  /** Takes a signal, also one that came as a key. */
  hear(signal: NodeJS.Signals): void {
    const { memory, answer } = hearSignal(this.#memory, signal, performance.now())
    this.#memory = memory
    if (answer === 'ignore') return
    this.first ??= signal
    if (this.#listening) this.#listener(signal, answer)
    else this.#heard.push({ signal, answer })
  }
}

/** Nobody is left to be told. */
const ignore = (): void => undefined
