/** A port that is still taken after this is reported with its holder. */
const REPORT_AFTER_MS = 5_000
const FIRST_DELAY_MS = 10
const LONGEST_DELAY_MS = 500

export interface PortGateOptions {
  readonly port: number
  readonly isFree: (port: number) => Promise<boolean>
  readonly holderOf: (port: number) => Promise<string>
  /** Called once when the port stays taken, with who holds it. */
  readonly onTaken: (holder: string) => void
  readonly signal: AbortSignal
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly now: () => number
}

/**
 * Resolves with `free` when nobody listens on the port any more, however long that takes, or with
 * `aborted`. After five seconds it says who is in the way and goes on waiting.
 */
export async function waitForFreePort(options: PortGateOptions): Promise<'free' | 'aborted'> {
  const { port, signal, now } = options
  const since = now()
  let reported = false
  let delay = FIRST_DELAY_MS
  while (!signal.aborted) {
    if (await options.isFree(port)) return signal.aborted ? 'aborted' : 'free'
    if (!reported && now() - since >= REPORT_AFTER_MS) {
      reported = true
      options.onTaken(await options.holderOf(port))
    }
    await options.sleep(delay, signal)
    delay = Math.min(delay * 2, LONGEST_DELAY_MS)
  }
  return 'aborted'
}
