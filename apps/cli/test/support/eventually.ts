import { setTimeout as sleep } from 'node:timers/promises'

import { vi } from 'vitest'

/** Far beyond what anything takes on a loaded machine; a test that gets here has failed. */
let deadlineMs = 90_000

/** How long the tests of this file wait for anything. */
export const deadline = (): number => deadlineMs

/** Compilers take longer than all else: the tests of this file wait longer. */
export function allowForCompilers(): void {
  deadlineMs = 150_000
  vi.setConfig({ testTimeout: 240_000 })
}

const POLL_MS = 20

/** Resolves with the first value that is not `undefined`; rejects with `what` at the deadline. */
export async function eventually<T>(
  what: string | (() => string),
  look: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  const until = performance.now() + deadlineMs
  for (;;) {
    const value = await look()
    if (value !== undefined) return value
    if (performance.now() > until)
      throw new Error(`waited in vain: ${typeof what === 'string' ? what : what()}`)
    await sleep(POLL_MS)
  }
}
