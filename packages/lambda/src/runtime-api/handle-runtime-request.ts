import type { IncomingMessage, ServerResponse } from 'node:http'

import type { FunctionHost } from '../host/function-host.ts'
import type { HostedInstance } from '../host/hosted-instance.ts'
import { readFailure } from '../host/outcome.ts'
import type { ByteBudget } from '../http/byte-budget.ts'
import { readBody } from '../http/read-body.ts'
import { dropBody, replyJson } from '../http/reply.ts'
import { parkPoll } from './park-poll.ts'
import { receiveError, receiveResponse } from './receive-answer.ts'
import { runtimeRoute } from './runtime-route.ts'

/** Whose Runtime API is asked. */
export interface RuntimeCaller {
  readonly host: FunctionHost
  readonly instance: HostedInstance
  readonly budget: ByteBudget
}

/** An init error names a type and a message; 64 KB of stack trace are plenty. */
const initErrorLimitBytes = 64 * 1024

/**
 * Lambda's Runtime API, version 2018-06-01: what a function's runtime client talks to. `path` is
 * the request's, from the version on.
 */
export async function handleRuntimeRequest(
  caller: RuntimeCaller,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = runtimeRoute(request.method ?? '', path)
  switch (target.kind) {
    case 'next':
      parkPoll(caller, response)
      return
    case 'response':
      await receiveResponse(caller, target.invocationId, request, response)
      return
    case 'error':
      await receiveError(caller, target.invocationId, request, response)
      return
    case 'init-error':
      await receiveInitError(caller, request, response)
      return
    case 'unknown':
      dropBody(request, response)
      replyJson(response, 404, {
        errorType: 'NotFound',
        errorMessage: `${request.method ?? ''} ${path} is not part of the Runtime API 2018-06-01 (the extensions, telemetry and snapshot APIs are not emulated)`,
      })
  }
}

async function receiveInitError(
  { host, instance, budget }: RuntimeCaller,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request, initErrorLimitBytes, budget)
  if (body.kind === 'broken') return
  const headerType = request.headers['lambda-runtime-function-error-type']
  const errorType = typeof headerType === 'string' ? headerType : 'Runtime.InitError'
  let failure = { errorType, errorMessage: 'the function could not be initialized' }
  if (body.kind === 'complete') {
    budget.giveBack(body.bytes.length)
    const told = readFailure(body.bytes)
    failure = { ...told, errorType: told.errorType === 'Unknown' ? errorType : told.errorType }
  } else {
    dropBody(request, response)
  }
  // The runtime exits when it has the answer, and its exit must find the init error reported.
  // Its owner may not have said yet that it runs; this says so.
  host.started(instance)
  host.startFailed(instance, failure)
  replyJson(response, 202, { status: 'OK' })
}
