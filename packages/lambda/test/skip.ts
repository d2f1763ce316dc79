import type { TestContext } from 'vitest'

/** Skips a test, and says why where it is seen. */
export function skip(context: TestContext, reason: string): never {
  process.stdout.write(`skipped: ${context.task.name}: ${reason}\n`)
  return context.skip(reason)
}
