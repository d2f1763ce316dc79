import type { IncomingHttpHeaders } from 'node:http'

import type { UrlResponse } from './url-response.ts'

/**
 * Which pages may call a function URL, as the `Cors` of Lambda's function URLs. Without it the
 * function answers `OPTIONS` requests and sets headers itself.
 */
export interface CorsOptions {
  /** Such as `https://example.com`; `*` for all that the emulator lets in. Default none. */
  readonly allowOrigins?: readonly string[]
  /** Such as `PUT`; `*` for all. Default none. */
  readonly allowMethods?: readonly string[]
  /** Headers that a page may send; `*` for all. Default none. */
  readonly allowHeaders?: readonly string[]
  /** Headers of the answer that a page may read. Default none. */
  readonly exposeHeaders?: readonly string[]
  /** Whether cookies may be sent. Default false. */
  readonly allowCredentials?: boolean
  /** How long a browser may remember a preflight. Default 0. */
  readonly maxAgeSeconds?: number
}

type Headers = Readonly<Record<string, string>>

/** What of a request decides about it. */
export interface CorsRequest {
  readonly method: string
  readonly headers: IncomingHttpHeaders
}

/** Whether a browser asks if it may send another request; that one is not for the function. */
export function isPreflight({ method, headers }: CorsRequest): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  )
}

/** The headers of the answer to a preflight; without an allowed origin a browser takes it as a no. */
export function preflightHeaders(cors: CorsOptions, request: CorsRequest): Headers {
  const origin = allowedOrigin(cors, request.headers.origin)
  if (origin === undefined) return { vary: 'Origin' }
  const { allowMethods, allowHeaders, maxAgeSeconds = 0 } = cors
  const { headers } = request
  return {
    ...originHeaders(cors, origin),
    ...list('access-control-allow-methods', cors, allowMethods, [
      headers['access-control-request-method'],
    ]),
    ...list('access-control-allow-headers', cors, allowHeaders, [
      headers['access-control-request-headers'],
    ]),
    ...(maxAgeSeconds > 0 ? { 'access-control-max-age': String(maxAgeSeconds) } : {}),
  }
}

/** The headers of an answer of the function; they replace those that the function sets itself. */
export function corsHeaders(cors: CorsOptions, { headers }: CorsRequest): Headers {
  const origin = allowedOrigin(cors, headers.origin)
  if (origin === undefined) return { vary: 'Origin' }
  return {
    ...originHeaders(cors, origin),
    ...list('access-control-expose-headers', cors, cors.exposeHeaders, []),
  }
}

/** What the function says of who may read its answer gives way to what is configured. */
export function withoutOwnCors(headers: UrlResponse['headers']): UrlResponse['headers'] {
  const kept = Object.entries(headers).filter(([name]) => !name.startsWith('access-control-'))
  const { vary } = headers
  // The answer depends on the page that asks, beside what the function says it depends on.
  const both = vary === undefined ? {} : { vary: [vary, 'Origin'].flat().join(', ') }
  return { ...Object.fromEntries(kept), ...both }
}

/** The origins that are named: their pages are let in, wherever they come from. */
export function namedOrigins(cors: CorsOptions | undefined): readonly string[] {
  return (cors?.allowOrigins ?? []).filter((origin) => origin !== '*')
}

/** What `Access-Control-Allow-Origin` says; undefined if the page may not read the answer. */
function allowedOrigin(
  { allowOrigins = [], allowCredentials = false }: CorsOptions,
  origin: string | undefined,
): string | undefined {
  if (origin === undefined) return undefined
  if (allowOrigins.includes(origin)) return origin
  if (!allowOrigins.includes('*')) return undefined
  // Browsers take no wildcard where cookies are sent.
  return allowCredentials ? origin : '*'
}

function originHeaders({ allowCredentials }: CorsOptions, origin: string): Headers {
  return {
    'access-control-allow-origin': origin,
    ...(allowCredentials === true ? { 'access-control-allow-credentials': 'true' } : {}),
    vary: 'Origin',
  }
}

function list(
  name: string,
  { allowCredentials }: CorsOptions,
  values: readonly string[] | undefined,
  asked: readonly (string | undefined)[],
): Headers {
  if (values === undefined || values.length === 0) return {}
  // Where cookies are sent, browsers take `*` for a name: what was asked for is said instead.
  const said = values.includes('*') && allowCredentials === true ? asked : values
  const text = said.filter((value) => value !== undefined).join(', ')
  return text === '' ? {} : { [name]: text }
}
