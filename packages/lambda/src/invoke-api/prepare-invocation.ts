import type { FunctionHost } from '../host/function-host.ts'
import type { InvocationRequest } from '../host/invocation.ts'
import { readBody } from '../http/read-body.ts'
import { header, type Exchange, type Surroundings } from '../surroundings.ts'
import { traceId } from '../trace-id.ts'
import { decodeClientContext } from './client-context.ts'
import { functionArn, parseFunctionReference } from './function-reference.ts'
import { type ServiceError, invalidRequest, noRoom, tooLarge } from './service-error.ts'

/** Lambda's limits: 6 MB for a caller that waits, 1 MB for an event. */
export const requestLimitBytes: Readonly<Record<InvocationType, number>> = {
  RequestResponse: 6 * 1024 * 1024,
  DryRun: 6 * 1024 * 1024,
  Event: 1024 * 1024,
}

/** What `X-Amz-Invocation-Type` may say. */
export type InvocationType = 'RequestResponse' | 'DryRun' | 'Event'

/** A request that may be invoked, or what is wrong with it. */
export type Prepared =
  | {
      readonly kind: 'ready'
      readonly host: FunctionHost
      readonly invocationType: InvocationType
      readonly invocation: InvocationRequest
      /** Give back the payload's bytes when the invocation is over. */
      readonly release: () => void
    }
  | { readonly kind: 'refused'; readonly error: ServiceError }
  /** The client is gone. */
  | { readonly kind: 'broken' }

/** Checks and reads an invoke request, in the order in which the service does. */
export async function prepareInvocation(
  around: Surroundings,
  { request }: Exchange,
  target: { readonly functionName: string; readonly qualifier?: string },
  operation: 'InvokeFunction' | 'InvokeWithResponseStream',
): Promise<Prepared> {
  const reference = parseFunctionReference(target.functionName, target.qualifier)
  if (reference === undefined) {
    return refused('InvalidParameterValueException', `${target.functionName} names no function`)
  }
  const host = around.find(reference.name)
  if (host === undefined) {
    const message = around.unknownFunction(reference.name)
    return { kind: 'refused', error: invalidRequest('ResourceNotFoundException', message, 404) }
  }
  const invocationType = header(request, 'x-amz-invocation-type') ?? 'RequestResponse'
  if (!isInvocationType(invocationType)) {
    const known = Object.keys(requestLimitBytes).join(', ')
    const message = `InvocationType ${JSON.stringify(invocationType)} is none of ${known}`
    return refused('InvalidParameterValueException', message)
  }
  const encoded = header(request, 'x-amz-client-context')
  const clientContext = encoded === undefined ? undefined : decodeClientContext(encoded)
  if (encoded !== undefined && clientContext === undefined) {
    const message =
      'Client context must be a valid Base64-encoded JSON object of at most 3583 bytes.'
    return refused('InvalidRequestContentException', message)
  }
  const limitBytes = requestLimitBytes[invocationType]
  const body = await readBody(request, limitBytes, around.budget)
  switch (body.kind) {
    case 'broken':
      return { kind: 'broken' }
    case 'too-large':
      return { kind: 'refused', error: tooLarge(limitBytes, operation) }
    case 'no-room':
      return { kind: 'refused', error: noRoom }
    case 'complete':
  }
  const wrong = jsonError(body.bytes)
  if (wrong !== undefined) {
    around.budget.giveBack(body.bytes.length)
    return refused(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${wrong}`,
    )
  }
  return {
    kind: 'ready',
    host,
    invocationType,
    invocation: {
      payload: body.bytes.length === 0 ? emptyEvent : body.bytes,
      invocationType: invocationType === 'Event' ? 'Event' : 'RequestResponse',
      arn: functionArn(around.region, reference),
      traceId: traceId(header(request, 'x-amzn-trace-id'), around.clock.now()),
      clientContext,
    },
    release: () => {
      around.budget.giveBack(body.bytes.length)
    },
  }
}

/** A runtime parses what it gets, and no payload at all is the empty object. */
const emptyEvent = Buffer.from('{}')

function refused(type: string, message: string): Prepared {
  return { kind: 'refused', error: invalidRequest(type, message) }
}

function isInvocationType(text: string): text is InvocationType {
  return Object.hasOwn(requestLimitBytes, text)
}

function jsonError(bytes: Buffer): string | undefined {
  if (bytes.length === 0) return undefined
  try {
    JSON.parse(bytes.toString('utf8'))
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
