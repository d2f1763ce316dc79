import type { SpawnError } from './errors.ts'

/** How a run ended. It is always the end of the leader, the program itself. */
export type ProcessEnd =
  | { readonly kind: 'success' }
  | { readonly kind: 'exitError'; readonly code: number }
  | { readonly kind: 'exitSignal'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'spawnFailed'; readonly error: SpawnError }

/** The end that Node's `exit` event tells of. */
export function toProcessEnd(code: number | null, signal: NodeJS.Signals | null): ProcessEnd {
  if (signal !== null) return { kind: 'exitSignal', signal }
  return code === null || code === 0 ? { kind: 'success' } : { kind: 'exitError', code }
}
