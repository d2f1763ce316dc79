import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Clock } from './clock.ts'
import type { FunctionHost } from './host/function-host.ts'
import type { ByteBudget } from './http/byte-budget.ts'
import type { Credentials } from './http/guard.ts'
import type { EmulatorStats } from './stats.ts'

/** What a caller's request handler needs from the emulator. */
export interface Surroundings {
  readonly clock: Clock
  readonly region: string
  readonly budget: ByteBudget
  /** The function of that name, if there is one; looking makes none. */
  readonly known: (functionName: string) => FunctionHost | undefined
  /** The function that a caller means; where any name is one, it comes into being. */
  readonly find: (functionName: string) => FunctionHost | undefined
  /** What to say about a name that is not there. */
  readonly unknownFunction: (functionName: string) => string
  readonly stats: () => EmulatorStats
}

/** One request and the place for its answer. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** A header's value if it was sent once. */
export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

/** What the guard looks at. */
export function credentials(request: IncomingMessage): Credentials {
  return {
    method: request.method ?? '',
    host: request.headers.host,
    origin: request.headers.origin,
    fetchSite: header(request, 'sec-fetch-site'),
    fetchMode: header(request, 'sec-fetch-mode'),
  }
}
