/** Waits for a condition; the deadline only ends a test that would hang. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  deadlineMs: number = 30_000,
): Promise<void> {
  const untilMs = performance.now() + deadlineMs
  while (!(await condition())) {
    if (performance.now() > untilMs) throw new Error(`never came true: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
