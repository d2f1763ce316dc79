import { setTimeout as sleep } from 'node:timers/promises'

/** Far beyond what anything takes on a loaded machine; a test that gets here has failed. */
export const DEADLINE_MS = 40_000
const POLL_MS = 20

/** Resolves with the first value that is not `undefined`; rejects with `what` at the deadline. */
export async function eventually<T>(
  what: string | (() => string),
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS
  for (;;) {
    const value = await look()
    if (value !== undefined) return value
    if (performance.now() > deadline)
      throw new Error(`waited in vain: ${typeof what === 'string' ? what : what()}`)
    await sleep(POLL_MS)
  }
}
