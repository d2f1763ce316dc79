import { namedOrigins } from './function-url/cors.ts'
import { handleFunctionUrl } from './function-url/handle-function-url.ts'
import { type GuardPolicy, refusal } from './http/guard.ts'
import { replyJson } from './http/reply.ts'
import { type Route, route } from './http/route.ts'
import { handleInvokeStreaming } from './invoke-api/handle-invoke-streaming.ts'
import { handleInvoke } from './invoke-api/handle-invoke.ts'
import { invalidRequest, replyServiceError } from './invoke-api/service-error.ts'
import { handleRuntimeRequest } from './runtime-api/handle-runtime-request.ts'
import { type Exchange, type Surroundings, credentials } from './surroundings.ts'

/** One request to the shared listener: let in or not, then to whom its path says. */
export async function handleRequest(
  around: Surroundings,
  policy: GuardPolicy,
  exchange: Exchange,
): Promise<void> {
  const { request, response } = exchange
  const target = route(request.url ?? '/')
  const why = refusal(credentials(request), policyFor(around, policy, target))
  if (why !== undefined) {
    replyServiceError(request, response, invalidRequest('AccessDeniedException', why, 403))
    return
  }
  switch (target.kind) {
    case 'invoke':
    case 'invoke-streaming':
      if (request.method !== 'POST') {
        replyUnknown(exchange)
        return
      }
      await (target.kind === 'invoke' ? handleInvoke : handleInvokeStreaming)(
        around,
        exchange,
        target,
      )
      return
    case 'function-url':
      await handleFunctionUrl(around, exchange, target)
      return
    case 'runtime':
      await handleSharedRuntime(around, exchange, target)
      return
    case 'root':
      replyJson(response, 200, around.stats())
      return
    case 'malformed': {
      const message = `${request.url ?? ''} names no function, or its name cannot be decoded`
      const error = invalidRequest('InvalidParameterValueException', message)
      replyServiceError(request, response, error)
      return
    }
    case 'unknown':
      replyUnknown(exchange)
  }
}

/** The pages that a function names may call its URL; nothing else of the emulator. */
function policyFor(around: Surroundings, policy: GuardPolicy, target: Route): GuardPolicy {
  if (target.kind !== 'function-url') return policy
  const own = namedOrigins(around.known(target.functionName)?.settings.cors)
  if (own.length === 0) return policy
  return { ...policy, allowedOrigins: [...policy.allowedOrigins, ...own] }
}

/**
 * `http://host:port/NAME/2018-06-01/…`: for a process that was started by hand or by a debugger.
 * It serves the function as the instance that is there, or as one of its own.
 */
async function handleSharedRuntime(
  around: Surroundings,
  { request, response }: Exchange,
  target: { readonly functionName: string; readonly path: string },
): Promise<void> {
  const host = request.headers.origin === undefined ? around.find(target.functionName) : undefined
  if (host === undefined) {
    const message = around.unknownFunction(target.functionName)
    const error = invalidRequest('ResourceNotFoundException', message, 404)
    replyServiceError(request, response, error)
    return
  }
  const instance = host.adoptedInstance()
  await handleRuntimeRequest(
    { host, instance, budget: around.budget },
    target.path,
    request,
    response,
  )
}

function replyUnknown({ request, response }: Exchange): void {
  const message = `${request.method ?? ''} ${request.url ?? ''} is not emulated; there are POST /2015-03-31/functions/NAME/invocations, POST /2021-11-15/functions/NAME/response-streaming-invocations and /lambda-url/NAME/`
  const error = invalidRequest('UnknownOperationException', message, 404)
  replyServiceError(request, response, error)
}
