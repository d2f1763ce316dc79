import type { IncomingMessage, Server, ServerResponse } from 'node:http'

/** Handles one request; whatever it throws is a bug and answered with 500. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** The limits of one listener. */
export interface ServerLimits {
  /** How long a client may take to send its whole request; 0 for no limit. */
  readonly requestTimeoutMs: number
  readonly maxConnections: number
}

/** A listening HTTP server and its end. */
export interface HttpServer extends AsyncDisposable {
  readonly host: string
  readonly port: number
  close(): Promise<void>
}

/** Headers are read into memory before anything is decided: Node's own default, said aloud. */
const maxHeaderBytes = 16 * 1024
const headersTimeoutMs = 10_000

/** What callers have been answered reaches them when the server closes; so long is waited for it. */
const lastAnswersMs = 1000

/** Longer than any client keeps an idle connection, so that it is the client who closes it. */
const keepAliveMs = 75_000

/** Listens; rejects with the system's error (`EADDRINUSE`, `EACCES`) if that is not possible. */
export async function listen(
  handler: Handler,
  { host, port }: { readonly host: string; readonly port: number },
  limits: ServerLimits,
): Promise<HttpServer> {
  const active = new Set<ServerResponse>()
  // Not imported: to import `node:http` by name loads all of `fetch` with it.
  const { createServer } = process.getBuiltinModule('node:http')
  const server = createServer(
    {
      maxHeaderSize: maxHeaderBytes,
      // Node refuses headers that may take longer than the whole request.
      headersTimeout: Math.min(headersTimeoutMs, limits.requestTimeoutMs || headersTimeoutMs),
      requestTimeout: limits.requestTimeoutMs,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: keepAliveMs,
      noDelay: true,
    },
    (request, response) => {
      active.add(response)
      response.once('close', () => {
        active.delete(response)
      })
      handleSafely(handler, request, response)
    },
  )
  server.maxConnections = limits.maxConnections
  await listening(server, host, port)
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= end(server, active)
    return closed
  }
  return {
    host,
    port: portOf(server),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string')
    throw new Error('internal error: no TCP port')
  return address.port
}

/** Stops listening, lets answers that are on their way out, then closes every connection. */
async function end(server: Server, active: ReadonlySet<ServerResponse>): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
  })
  const timer = setTimeout(() => {
    server.closeAllConnections()
  }, lastAnswersMs)
  await Promise.all(
    [...active].map((response) => new Promise((done) => response.once('close', done))),
  )
  clearTimeout(timer)
  server.closeAllConnections()
  await ended
}

function handleSafely(handler: Handler, request: IncomingMessage, response: ServerResponse): void {
  const fail = (error: unknown): void => {
    if (response.headersSent) {
      response.destroy()
      return
    }
    const errorMessage = error instanceof Error ? error.message : String(error)
    response.writeHead(500, { 'content-type': 'application/json', connection: 'close' })
    response.end(JSON.stringify({ errorType: 'InternalError', errorMessage }))
  }
  // A broken connection shows itself to whoever reads or writes it; unheard it would be thrown.
  response.on('error', () => {})
  try {
    void Promise.resolve(handler(request, response)).catch(fail)
  } catch (error) {
    fail(error)
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
