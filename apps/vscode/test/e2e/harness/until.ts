import { setTimeout as sleep } from 'node:timers/promises'

/** Longer than anything takes on a loaded two-core machine. */
const DEADLINE_MS = 120_000
const LOOK_EVERY_MS = 40

/** Waits until a condition holds. Rejects, naming it, when it does not come in time. */
export async function until(
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
  deadlineMs: number = DEADLINE_MS,
): Promise<void> {
  const end = Date.now() + deadlineMs
  // oxlint-disable-next-line no-await-in-loop -- one look after the other
  while (!(await holds())) {
    if (Date.now() > end) {
      const text = typeof what === 'string' ? what : what()
      throw new Error(`did not come in ${deadlineMs / 1_000} s: ${text}`)
    }
    // oxlint-disable-next-line no-await-in-loop -- a pause between two looks
    await sleep(LOOK_EVERY_MS)
  }
}
