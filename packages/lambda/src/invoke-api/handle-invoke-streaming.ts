import type { ServerResponse } from 'node:http'

import type { Invocation } from '../host/invocation.ts'
import { type Outcome, StreamFailure } from '../host/outcome.ts'
import { writeChunk } from '../http/write-stream.ts'
import type { Exchange, Surroundings } from '../surroundings.ts'
import { whenCallerLeaves } from './caller.ts'
import { encodeEvent, eventStreamType } from './event-stream.ts'
import { logResult } from './log-result.ts'
import { prepareInvocation } from './prepare-invocation.ts'
import { invalidRequest, refusalError, replyServiceError } from './service-error.ts'

/** `POST /2021-11-15/functions/NAME/response-streaming-invocations`. */
export async function handleInvokeStreaming(
  around: Surroundings,
  exchange: Exchange,
  target: { readonly functionName: string; readonly qualifier?: string },
): Promise<void> {
  const { request, response } = exchange
  const prepared = await prepareInvocation(around, exchange, target, 'InvokeWithResponseStream')
  if (prepared.kind === 'broken') return
  if (prepared.kind === 'refused') {
    replyServiceError(request, response, prepared.error)
    return
  }
  const { host, invocationType, release } = prepared
  if (invocationType !== 'RequestResponse') {
    release()
    const message = `InvocationType ${invocationType} cannot be streamed; use the invocations endpoint`
    const error = invalidRequest('InvalidParameterValueException', message)
    replyServiceError(request, response, error)
    return
  }
  const invocation = host.invoke(prepared.invocation)
  void invocation.outcome.finally(release)
  whenCallerLeaves(response, () => {
    host.leave(invocation)
  })
  const outcome = await invocation.outcome
  if (outcome.kind === 'refused') {
    replyServiceError(request, response, refusalError(host.name, outcome))
    return
  }
  response.writeHead(200, {
    'content-type': eventStreamType,
    'x-amzn-requestid': invocation.id,
    'x-amz-executed-version': '$LATEST',
    'x-amzn-remapped-content-type':
      outcome.kind === 'function-error' ? 'application/json' : outcome.contentType,
  })
  const failure = await writeEvents(response, outcome)
  const wantsLog = request.headers['x-amz-log-type'] === 'Tail'
  const complete = await completion(invocation, failure, wantsLog)
  if (!response.destroyed) response.end(encodeEvent('InvokeComplete', 'application/json', complete))
}

/** Writes the chunks; the error document, if it did not end well. */
async function writeEvents(
  response: ServerResponse,
  outcome: Exclude<Outcome, { kind: 'refused' }>,
): Promise<Buffer | undefined> {
  switch (outcome.kind) {
    case 'function-error':
      return outcome.body
    case 'response':
      await writeChunk(response, payloadChunk(outcome.body))
      return undefined
    case 'stream':
      try {
        for await (const chunk of outcome.chunks) {
          if (!(await writeChunk(response, payloadChunk(chunk)))) return undefined
        }
        return undefined
      } catch (error) {
        if (error instanceof StreamFailure) return error.body
        throw error
      }
  }
}

function payloadChunk(bytes: Buffer): Buffer {
  return encodeEvent('PayloadChunk', 'application/octet-stream', bytes)
}

async function completion(
  invocation: Invocation,
  failure: Buffer | undefined,
  wantsLog: boolean,
): Promise<Buffer> {
  const log = wantsLog ? { LogResult: await logResult(invocation) } : {}
  const error =
    failure === undefined ? {} : { ErrorCode: 'Unhandled', ErrorDetails: failure.toString('utf8') }
  return Buffer.from(JSON.stringify({ ...error, ...log }))
}
