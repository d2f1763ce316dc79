import type { Method, Requests } from './protocol.ts'

/** A request that the session answers; `signal` aborts when the client leaves. */
export type Handlers = {
  readonly [M in Exclude<Method, 'hello' | 'subscribe' | 'unsubscribe'>]: (
    params: Requests[M]['params'],
    signal: AbortSignal,
  ) => Requests[M]['result'] | Promise<Requests[M]['result']>
}

/** A request that cannot be carried out, answered to the client with its words. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
}

/** The requests that are the session's to answer; the others concern the connection alone. */
export const HANDLED: readonly (keyof Handlers)[] = [
  'status',
  'start',
  'stop',
  'restart',
  'signal',
  'build',
  'pause',
  'resume',
  'attend',
  'logs',
  'why',
  'explain',
  'plan',
  'env',
  'wait',
  'shutdown',
]
