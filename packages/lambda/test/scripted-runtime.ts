import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http'

/** An HTTP answer, read to its end. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An invocation as a runtime gets it. */
export interface Next {
  readonly id: string
  readonly headers: IncomingHttpHeaders
  readonly event: unknown
}

/** A runtime client that does what a test says, step by step. */
export class ScriptedRuntime {
  readonly #base: string

  /** `api` is `host:port`, or with a path, as in AWS_LAMBDA_RUNTIME_API. */
  constructor(api: string) {
    this.#base = `http://${api}/2018-06-01/runtime`
  }

  async next(signal?: AbortSignal): Promise<Next> {
    const { status, headers, body } = await send('GET', `${this.#base}/invocation/next`, { signal })
    if (status !== 200) throw new Error(`next: ${status} ${body}`)
    const id = headers['lambda-runtime-aws-request-id']
    if (typeof id !== 'string') throw new Error('next: no request id')
    return { id, headers, event: JSON.parse(body) }
  }

  respond(id: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
    return send('POST', `${this.#base}/invocation/${id}/response`, { body, headers })
  }

  fail(id: string, body: string): Promise<Answer> {
    return send('POST', `${this.#base}/invocation/${id}/error`, { body })
  }

  initError(body: string, headers: Record<string, string> = {}): Promise<Answer> {
    return send('POST', `${this.#base}/init/error`, { body, headers })
  }

  post(path: string, body: string): Promise<Answer> {
    return send('POST', this.#base + path, { body })
  }

  /** Serves one invocation with this result. */
  async serve(result: unknown): Promise<Next> {
    const next = await this.next()
    await this.respond(next.id, JSON.stringify(result))
    return next
  }
}

/** One request on a connection of its own. */
export async function send(
  method: string,
  url: string,
  options: {
    readonly body?: string | Buffer
    readonly headers?: Readonly<Record<string, string>>
    readonly signal?: AbortSignal | undefined
  } = {},
): Promise<Answer> {
  const { body = '', headers = {}, signal } = options
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = httpRequest(
      url,
      {
        method,
        agent: false,
        headers: { 'content-length': String(Buffer.byteLength(body)), ...headers },
        ...(signal === undefined ? {} : { signal }),
      },
      resolve,
    )
    request.on('error', reject)
    request.end(body)
  })
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(Buffer.from(chunk))
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

/** Invokes over plain HTTP and waits for the answer. */
export function invoke(
  url: string,
  functionName: string,
  event: unknown = {},
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Answer> {
  const target = `${url}/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`
  return send('POST', target, { body: JSON.stringify(event), headers, signal })
}
