import { addAbortListener } from 'node:events'

/** Waits for a promise, but no longer than the signal allows: then it rejects with its reason. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const listener = addAbortListener(signal, () => reject(signal.reason))
    void promise.then(resolve, reject).finally(() => listener[Symbol.dispose]())
  })
}
