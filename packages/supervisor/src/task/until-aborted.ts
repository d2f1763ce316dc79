/** What a promise comes to, or `aborted` as soon as the signal fires. The promise goes on. */
export async function untilAborted<T>(
  promise: PromiseLike<T>,
  signal: AbortSignal,
): Promise<{ readonly value: T } | 'aborted'> {
  if (signal.aborted) return 'aborted'
  const { promise: aborted, resolve } = Promise.withResolvers<'aborted'>()
  const abort = (): void => resolve('aborted')
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise.then((value) => ({ value })), aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
