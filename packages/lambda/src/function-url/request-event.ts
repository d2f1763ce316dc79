import type { IncomingHttpHeaders } from 'node:http'

/** An HTTP request as it reached a function URL. */
export interface UrlRequest {
  readonly functionName: string
  readonly method: string
  readonly rawPath: string
  readonly rawQueryString: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly sourceIp: string
  readonly httpVersion: string
  readonly traceId: string
  readonly requestId: string
  readonly nowMs: number
}

/**
 * The event of payload format 2.0 for a request. Header names are in lower case and repeated
 * headers joined by commas; cookies are apart; a query parameter that is repeated has its values
 * joined by commas. A body that is not known to be text is base64.
 */
export function requestEvent(request: UrlRequest): Buffer {
  const { functionName, method, rawQueryString, headers, body, nowMs } = request
  const domainName = headers.host ?? 'localhost'
  const path = decodePath(request.rawPath)
  const cookies = headers.cookie?.split(';').map((cookie) => cookie.trim())
  const query = queryParameters(rawQueryString)
  const isText = isTextType(headers['content-type'])
  return Buffer.from(
    JSON.stringify({
      version: '2.0',
      routeKey: '$default',
      rawPath: path,
      rawQueryString,
      ...(cookies === undefined ? {} : { cookies: cookies.filter((cookie) => cookie !== '') }),
      headers: eventHeaders(request),
      ...(query === undefined ? {} : { queryStringParameters: query }),
      requestContext: {
        accountId: 'anonymous',
        apiId: functionName,
        domainName,
        domainPrefix: functionName,
        http: {
          method,
          path,
          protocol: `HTTP/${request.httpVersion}`,
          sourceIp: request.sourceIp,
          userAgent: headers['user-agent'] ?? '',
        },
        requestId: request.requestId,
        routeKey: '$default',
        stage: '$default',
        time: logTime(nowMs),
        timeEpoch: nowMs,
      },
      ...(body.length === 0
        ? {}
        : { body: isText ? body.toString('utf8') : body.toString('base64') }),
      isBase64Encoded: body.length > 0 && !isText,
    }),
  )
}

/** Lambda decodes the path; one that cannot be decoded is passed on as it is. */
function decodePath(rawPath: string): string {
  try {
    return decodeURIComponent(rawPath)
  } catch {
    return rawPath
  }
}

function eventHeaders({ headers, sourceIp, traceId }: UrlRequest): Record<string, string> {
  const result: Record<string, string> = {
    'x-amzn-trace-id': traceId,
    'x-forwarded-for': sourceIp,
    'x-forwarded-proto': 'http',
  }
  for (const [name, value] of Object.entries(headers)) {
    if (name === 'cookie' || value === undefined) continue
    result[name] = Array.isArray(value) ? value.join(',') : value
  }
  const port = headers.host?.match(/:(\d+)$/)?.[1]
  return port === undefined ? result : { 'x-forwarded-port': port, ...result }
}

function queryParameters(rawQueryString: string): Record<string, string> | undefined {
  if (rawQueryString === '') return undefined
  const result = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    const earlier = result.get(name)
    result.set(name, earlier === undefined ? value : `${earlier},${value}`)
  }
  return Object.fromEntries(result)
}

/** The types whose bodies are passed on as text, as Lambda does it. */
function isTextType(contentType: string | undefined): boolean {
  if (contentType === undefined) return false
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  return (
    type.startsWith('text/') ||
    type === 'application/json' ||
    type === 'application/javascript' ||
    type === 'application/xml' ||
    type.endsWith('+json') ||
    type.endsWith('+xml')
  )
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Such as `12/Mar/2020:19:03:58 +0000`. */
function logTime(nowMs: number): string {
  const date = new Date(nowMs)
  const day = `${two(date.getUTCDate())}/${months[date.getUTCMonth()] ?? ''}/${date.getUTCFullYear()}`
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
}
