import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** How long a client may let an answer lie before its connection is closed. */
export const stalledAnswerMs = 30_000

/** How much of a body nobody wants is read, so that its sender gets to see the answer. */
const lingerBytes = 32 * 1024 * 1024
/** A sender that is silent for so long has stopped; one that is slow has the request's own time. */
const lingerMs = 5000

/** Sends a whole answer. */
export function reply(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: Buffer | string = '',
): void {
  if (response.headersSent || response.destroyed) return
  const length =
    status === 204 || status === 304 ? {} : { 'content-length': Buffer.byteLength(body) }
  limitStall(response)
  response.writeHead(status, { ...headers, ...length })
  response.end(body)
}

/** Sends a JSON document. */
export function replyJson(
  response: ServerResponse,
  status: number,
  document: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  const body = JSON.stringify(document)
  reply(response, status, { 'content-type': 'application/json', ...headers }, body)
}

/** Closes the connection of a client that stops reading its answer. */
export function limitStall(response: ServerResponse): void {
  response.setTimeout(stalledAnswerMs, () => {
    response.destroy()
  })
}

/**
 * Answers a request whose body will not be used. A client that is still sending would see its
 * connection reset instead of the answer, so some of the body is read and dropped first.
 */
export function dropBody(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('connection', 'close')
  if (request.readableEnded) return
  let dropped = 0
  const timer = setTimeout(() => {
    request.destroy()
  }, lingerMs)
  request.once('close', () => {
    clearTimeout(timer)
  })
  request.once('end', () => {
    clearTimeout(timer)
  })
  request.on('data', (chunk: Buffer) => {
    timer.refresh()
    dropped += chunk.length
    if (dropped > lingerBytes) request.destroy()
  })
}
