import { once } from 'node:events'

/** What a promise comes to, or `aborted` as soon as the signal fires. The promise goes on. */
export async function untilAborted<T>(
  promise: PromiseLike<T>,
  signal: AbortSignal,
): Promise<{ readonly value: T } | 'aborted'> {
  if (signal.aborted) return 'aborted'
  const settled = new AbortController()
  try {
    return await Promise.race([
      promise.then((value) => ({ value })),
      abortOf(signal, settled.signal),
    ])
  } finally {
    settled.abort()
  }
}

/** Resolves when `signal` fires; stops listening when `given up` does. */
async function abortOf(signal: AbortSignal, givenUp: AbortSignal): Promise<'aborted'> {
  try {
    await once(signal, 'abort', { signal: givenUp })
  } catch {
    // Given up: the race has been decided, and nobody looks at this.
  }
  return 'aborted'
}
