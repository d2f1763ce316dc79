import { setTimeout as pause } from 'node:timers/promises'

/** Waits until `check` no longer throws; after the deadline its last error is the answer. */
export async function eventually(
  check: () => void | Promise<void>,
  deadlineMs = 40_000,
): Promise<void> {
  const endsAt = performance.now() + deadlineMs
  for (;;) {
    try {
      await check()
      return
    } catch (error) {
      if (performance.now() > endsAt) throw error
      await pause(10)
    }
  }
}
