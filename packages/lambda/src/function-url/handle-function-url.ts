import { randomUUID } from 'node:crypto'
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

import type { FunctionHost } from '../host/function-host.ts'
import { type Outcome, StreamFailure } from '../host/outcome.ts'
import { readBody } from '../http/read-body.ts'
import { dropBody, reply, replyJson } from '../http/reply.ts'
import { writeChunk } from '../http/write-stream.ts'
import { whenCallerLeaves } from '../invoke-api/caller.ts'
import { functionArn } from '../invoke-api/function-reference.ts'
import { requestLimitBytes } from '../invoke-api/prepare-invocation.ts'
import {
  invalidRequest,
  noRoom,
  refusalError,
  replyServiceError,
  tooLarge,
} from '../invoke-api/service-error.ts'
import { type Exchange, type Surroundings, header } from '../surroundings.ts'
import { traceId as newTraceId } from '../trace-id.ts'
import {
  type CorsOptions,
  corsHeaders,
  isPreflight,
  preflightHeaders,
  withoutOwnCors,
} from './cors.ts'
import { requestEvent } from './request-event.ts'
import { readPrelude } from './stream-prelude.ts'
import { MalformedResponseError, type UrlResponse, urlResponse } from './url-response.ts'

/** What the path says. */
export interface UrlTarget {
  readonly functionName: string
  readonly rawPath: string
  readonly rawQueryString: string
}

/** Any request to `/lambda-url/NAME/…`: an HTTP request for the function, an HTTP response back. */
export async function handleFunctionUrl(
  around: Surroundings,
  exchange: Exchange,
  target: UrlTarget,
): Promise<void> {
  const { request, response } = exchange
  const host = around.find(target.functionName)
  if (host === undefined) {
    const message = around.unknownFunction(target.functionName)
    const error = invalidRequest('ResourceNotFoundException', message, 404)
    replyServiceError(request, response, error)
    return
  }
  if (host.settings.cors !== undefined && answerCors(exchange, host.settings.cors)) return
  const limitBytes = requestLimitBytes.RequestResponse
  const body = await readBody(request, limitBytes, around.budget)
  if (body.kind === 'broken') return
  if (body.kind !== 'complete') {
    const error = body.kind === 'no-room' ? noRoom : tooLarge(limitBytes, 'InvokeFunction')
    replyServiceError(request, response, error)
    return
  }
  const nowMs = around.clock.now()
  const traceId = newTraceId(header(request, 'x-amzn-trace-id'), nowMs)
  const payload = requestEvent({
    ...target,
    method: request.method ?? 'GET',
    headers: request.headers,
    body: body.bytes,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    httpVersion: request.httpVersion,
    traceId,
    requestId: randomUUID(),
    nowMs,
  })
  if (payload.length > limitBytes) {
    // Base64 made it larger than the body was; the limit is the event's.
    around.budget.giveBack(body.bytes.length)
    replyServiceError(request, response, tooLarge(limitBytes, 'InvokeFunction'))
    return
  }
  const arn = functionArn(around.region, { name: host.name, qualifier: undefined })
  const invocation = host.invoke({ payload, invocationType: 'RequestResponse', arn, traceId })
  void invocation.outcome.finally(() => {
    around.budget.giveBack(body.bytes.length)
  })
  whenCallerLeaves(response, () => {
    host.leave(invocation)
  })
  const outcome = await invocation.outcome
  if (!response.destroyed) response.setHeader('x-amzn-requestid', invocation.id)
  await replyOutcome(exchange, host, outcome)
}

/** Says who may read what is answered, whatever that is. True if that was all that was asked. */
function answerCors({ request, response }: Exchange, cors: CorsOptions): boolean {
  const asked = { method: request.method ?? '', headers: request.headers }
  if (isPreflight(asked)) {
    dropBody(request, response)
    reply(response, 200, preflightHeaders(cors, asked))
    return true
  }
  response.setHeaders(new Map(Object.entries(corsHeaders(cors, asked))))
  return false
}

async function replyOutcome(
  exchange: Exchange,
  host: FunctionHost,
  outcome: Outcome,
): Promise<void> {
  const { request, response } = exchange
  switch (outcome.kind) {
    case 'refused':
      replyServiceError(request, response, refusalError(host.name, outcome))
      return
    case 'function-error':
      replyFunctionError(response, outcome.body)
      return
    case 'response':
    case 'stream':
  }
  try {
    if (outcome.kind === 'stream') {
      await replyStream(exchange, host, outcome)
      return
    }
    const { status, headers, body } = urlResponse(outcome.body)
    reply(response, status, ownHeaders(host, headers), body)
  } catch (error) {
    if (error instanceof MalformedResponseError) replyMalformed(response, error)
    // Too late for a status: breaking the connection off is how a client learns that more was due.
    else if (error instanceof StreamFailure && response.headersSent) response.destroy()
    else if (error instanceof StreamFailure) replyFunctionError(response, error.body)
    else throw error
  }
}

async function replyStream(
  { response }: Exchange,
  host: FunctionHost,
  { chunks, contentType }: Extract<Outcome, { kind: 'stream' }>,
): Promise<void> {
  const { status, headers, body } = await readPrelude(chunks, contentType)
  if (response.destroyed) {
    await body.return()
    return
  }
  response.writeHead(status, ownHeaders(host, headers))
  response.flushHeaders()
  for await (const chunk of body) {
    if (!(await writeChunk(response, chunk))) return
  }
  response.end()
}

/** The headers that are the function's to say. */
function ownHeaders(host: FunctionHost, headers: UrlResponse['headers']): OutgoingHttpHeaders {
  return { ...(host.settings.cors === undefined ? headers : withoutOwnCors(headers)) }
}

/** Lambda says no more than "Internal Server Error"; on one's own machine the error itself helps. */
function replyFunctionError(response: ServerResponse, body: Buffer): void {
  const headers = { 'content-type': 'application/json', 'x-amz-function-error': 'Unhandled' }
  reply(response, 502, headers, body)
}

function replyMalformed(response: ServerResponse, error: MalformedResponseError): void {
  replyJson(response, 502, { errorType: 'MalformedResponse', errorMessage: error.message })
}
