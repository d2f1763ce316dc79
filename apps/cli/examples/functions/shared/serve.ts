import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'

/** What a handler answers with. `afterwards` runs when the client has the answer. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly afterwards?: () => void
}

/** Answers one request, given its body as JSON; `null` when it has none. */
export type Handler = (body: unknown) => Answer | Promise<Answer>

/** A request that cannot be answered as asked; the client is told why. */
export class BadRequest extends Error {}

const longestBody = 64 * 1024

/**
 * Serves a function at `PORT` until SIGTERM or SIGINT: then it takes no more requests, finishes
 * those it has, and ends. `GET /health` is answered here.
 *
 * @param routes handlers by method and path, such as `GET /`
 */
export function serve(name: string, routes: Readonly<Record<string, Handler>>): void {
  const port = Number(process.env['PORT'])
  const handlers = new Map(Object.entries(routes))
  handlers.set('GET /health', () => ({ status: 200, body: { healthy: true } }))

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const path = request.url?.split('?')[0]
    const handler = handlers.get(`${request.method} ${path}`)
    if (handler === undefined) return { status: 404, body: { error: 'not found' } }
    try {
      return await handler(await readJson(request))
    } catch (error) {
      if (error instanceof BadRequest) return { status: 400, body: { error: error.message } }
      console.error(error)
      return { status: 500, body: { error: 'internal error' } }
    }
  }

  const reply = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { status, body, afterwards } = await answer(request)
    if (afterwards !== undefined) response.once('finish', afterwards)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify(body)}\n`)
  }

  const server = createServer((request, response) => void reply(request, response))

  // Idle connections are closed with the server; one that is in use is closed after its answer.
  const close = (): void => void server.close()
  process.once('SIGTERM', close)
  process.once('SIGINT', close)

  server.listen(port, '127.0.0.1', () => {
    console.log(`${name} listens on http://127.0.0.1:${port}`)
  })
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > longestBody) throw new BadRequest(`the body exceeds ${longestBody} bytes`)
  }
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    throw new BadRequest('the body is not JSON')
  }
}
