import type { OutgoingHttpHeaders } from 'node:http'

import type { Invocation } from '../host/invocation.ts'
import { type Outcome, StreamFailure } from '../host/outcome.ts'
import { reply } from '../http/reply.ts'
import type { Exchange, Surroundings } from '../surroundings.ts'
import { whenCallerLeaves } from './caller.ts'
import { collectStream } from './collect-stream.ts'
import { logResult } from './log-result.ts'
import { prepareInvocation } from './prepare-invocation.ts'
import { refusalError, replyServiceError } from './service-error.ts'

/** `POST /2015-03-31/functions/NAME/invocations`. */
export async function handleInvoke(
  around: Surroundings,
  exchange: Exchange,
  target: { readonly functionName: string; readonly qualifier?: string },
): Promise<void> {
  const { request, response } = exchange
  const prepared = await prepareInvocation(around, exchange, target, 'InvokeFunction')
  if (prepared.kind === 'broken') return
  if (prepared.kind === 'refused') {
    replyServiceError(request, response, prepared.error)
    return
  }
  const { host, invocationType, release } = prepared
  if (invocationType === 'DryRun') {
    release()
    reply(response, 204, {})
    return
  }
  const invocation = host.invoke(prepared.invocation)
  void invocation.outcome.finally(release)
  const headers = { 'x-amzn-requestid': invocation.id, 'x-amz-executed-version': '$LATEST' }

  if (invocationType === 'Event') {
    // Being queued is all that an event's sender is told; a full queue is known at once.
    const outcome = host.isWaitingOrRunning(invocation) ? undefined : await invocation.outcome
    if (outcome?.kind === 'refused') {
      replyServiceError(request, response, refusalError(host.name, outcome))
      return
    }
    reply(response, 202, headers)
    return
  }
  whenCallerLeaves(response, () => {
    host.leave(invocation)
  })
  await replyOutcome(exchange, host.name, invocation, headers)
}

async function replyOutcome(
  { request, response }: Exchange,
  functionName: string,
  invocation: Invocation,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  const outcome = await wholeOutcome(await invocation.outcome)
  if (outcome.kind === 'refused') {
    replyServiceError(request, response, refusalError(functionName, outcome))
    return
  }
  const wantsLog = request.headers['x-amz-log-type'] === 'Tail'
  const log = wantsLog ? await logResult(invocation) : undefined
  const contentType = outcome.kind === 'response' ? outcome.contentType : 'application/json'
  reply(
    response,
    200,
    {
      ...headers,
      'content-type': contentType,
      ...(outcome.kind === 'function-error' ? { 'x-amz-function-error': 'Unhandled' } : {}),
      ...(log === undefined ? {} : { 'x-amz-log-result': log }),
    },
    outcome.body,
  )
}

/** A streamed answer is collected: this endpoint's callers get it in one piece. */
async function wholeOutcome(outcome: Outcome): Promise<Exclude<Outcome, { kind: 'stream' }>> {
  if (outcome.kind !== 'stream') return outcome
  try {
    const body = await collectStream(outcome.chunks)
    return { kind: 'response', contentType: outcome.contentType, body }
  } catch (error) {
    if (error instanceof StreamFailure) return { kind: 'function-error', body: error.body }
    throw error
  }
}
