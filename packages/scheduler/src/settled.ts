import type { Lease } from './run-context.ts'

export type Settled<T> =
  | { readonly status: 'fulfilled'; readonly value: T }
  | { readonly status: 'rejected'; readonly error: unknown }

/** How the action ended, as a value. */
export async function settle<T>(action: () => T | PromiseLike<T>): Promise<Settled<Awaited<T>>> {
  try {
    return { status: 'fulfilled', value: await action() }
  } catch (error) {
    return { status: 'rejected', error }
  }
}

export async function dispose(lease: Lease): Promise<void> {
  if (lease === undefined || lease === null) return
  if (Symbol.asyncDispose in lease) await lease[Symbol.asyncDispose]()
  else lease[Symbol.dispose]()
}

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (typeof value !== 'object' || value === null) return false
  return 'then' in value && typeof value.then === 'function'
}
