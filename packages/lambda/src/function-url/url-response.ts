/** An answer as a client of a function URL gets it. */
export interface UrlResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
}

/** An answer with its body. */
export interface WholeUrlResponse extends UrlResponse {
  readonly body: Buffer
}

/** The function's answer does not follow payload format 2.0. */
export class MalformedResponseError extends Error {
  constructor(what: string) {
    super(`the function's response does not follow payload format 2.0: ${what}`)
    this.name = 'MalformedResponseError'
  }
}

/** What belongs to one connection and is not the function's to say. */
const connectionHeaders = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Turns a function's answer into an HTTP response. An object with `statusCode` says everything
 * itself; anything else is the body of a 200 with the type application/json.
 *
 * @throws MalformedResponseError naming the field that is wrong.
 */
export function urlResponse(payload: Buffer): WholeUrlResponse {
  const text = payload.toString('utf8')
  let document: unknown
  try {
    document = text === '' ? null : JSON.parse(text)
  } catch {
    throw new MalformedResponseError('it is not JSON')
  }
  if (!isRecord(document) || document['statusCode'] === undefined) {
    return { status: 200, headers: { 'content-type': 'application/json' }, body: payload }
  }
  const { body, isBase64Encoded } = document
  if (body !== undefined && body !== null && typeof body !== 'string') {
    throw new MalformedResponseError('"body" is not a string; use JSON.stringify()')
  }
  const head = responseHead(document)
  const encoding = isBase64Encoded === true ? 'base64' : 'utf8'
  return { ...head, body: Buffer.from(body ?? '', encoding) }
}

/**
 * Status, headers and cookies of an answer, or of the prelude of a streamed one.
 *
 * @throws MalformedResponseError naming the field that is wrong.
 */
export function responseHead(document: unknown): UrlResponse {
  if (!isRecord(document)) throw new MalformedResponseError('it is not an object')
  const status = Number(document['statusCode'] ?? 200)
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new MalformedResponseError('"statusCode" is not a number from 200 to 599')
  }
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(recordOf(document['headers'], 'headers'))) {
    const lower = name.toLowerCase()
    if (!connectionHeaders.has(lower)) headers[lower] = headerValue(lower, value)
  }
  const cookies = document['cookies'] ?? []
  if (!Array.isArray(cookies)) throw new MalformedResponseError('"cookies" is not an array')
  if (cookies.length > 0) {
    headers['set-cookie'] = cookies.map((cookie: unknown) => headerValue('set-cookie', cookie))
  }
  headers['content-type'] ??= 'application/json'
  return { status, headers }
}

function headerValue(name: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw new MalformedResponseError(`header "${name}" is not a string`)
  }
  const text = String(value)
  // Not imported: to import `node:http` by name loads all of `fetch` with it.
  const { validateHeaderName, validateHeaderValue } = process.getBuiltinModule('node:http')
  try {
    validateHeaderName(name)
    validateHeaderValue(name, text)
  } catch {
    throw new MalformedResponseError(`header "${name}" cannot be sent: ${JSON.stringify(text)}`)
  }
  return text
}

function recordOf(value: unknown, field: string): Record<string, unknown> {
  if (value === undefined || value === null) return {}
  if (isRecord(value)) return value
  throw new MalformedResponseError(`"${field}" is not an object`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
