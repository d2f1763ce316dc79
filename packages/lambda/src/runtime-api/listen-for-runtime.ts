import type { Clock } from '../clock.ts'
import { runtimeEnvironment } from '../environment.ts'
import type { FunctionHost } from '../host/function-host.ts'
import type { HostedInstance } from '../host/hosted-instance.ts'
import type { ByteBudget } from '../http/byte-budget.ts'
import { refusal } from '../http/guard.ts'
import { type HttpServer, listen } from '../http/http-server.ts'
import { dropBody, replyJson } from '../http/reply.ts'
import { credentials } from '../surroundings.ts'
import { handleRuntimeRequest } from './handle-runtime-request.ts'

/** Where Runtime APIs are opened. */
export interface RuntimeSurroundings {
  readonly clock: Clock
  readonly region: string
  readonly runtimeHost: string
  readonly budget: ByteBudget
  /** Every listener that is open, so that closing can wait for them. */
  readonly listeners: Set<HttpServer>
}

/** A Runtime API on a port of its own. */
export interface RuntimeListener {
  /** `host:port`. */
  readonly runtimeApi: string
  readonly env: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

/** A runtime uses one or two connections; workers of one process may use more. */
const connectionLimit = 256

/**
 * Opens a Runtime API that serves one function, each request as the instance that is then told. A
 * port of its own does without a path: `aws-lambda-ric` takes `host:port` and no more.
 */
export async function listenForRuntime(
  host: FunctionHost,
  instance: () => HostedInstance,
  around: RuntimeSurroundings,
): Promise<RuntimeListener> {
  const { clock, region, runtimeHost, budget, listeners } = around
  const server = await listen(
    async (request, response) => {
      // No web page has business here, whatever its origin.
      const why =
        request.headers.origin ??
        refusal(credentials(request), { allowedHosts: [], allowedOrigins: [] })
      if (why === undefined) {
        const caller = { host, instance: instance(), budget }
        await handleRuntimeRequest(caller, request.url ?? '/', request, response)
        return
      }
      dropBody(request, response)
      const errorMessage = `requests of web pages are refused: ${why}`
      replyJson(response, 403, { errorType: 'Forbidden', errorMessage })
    },
    { host: runtimeHost, port: 0 },
    // A streamed response is a request that lasts as long as its invocation may.
    { requestTimeoutMs: 0, maxConnections: connectionLimit },
  )
  listeners.add(server)
  const address = runtimeHost.includes(':') ? `[${runtimeHost}]` : runtimeHost
  const runtimeApi = `${address}:${server.port}`
  const { memoryMb } = host.settings
  const nowMs = clock.now()
  return {
    runtimeApi,
    env: runtimeEnvironment({ functionName: host.name, memoryMb, region, runtimeApi, nowMs }),
    close: async () => {
      await server.close()
      listeners.delete(server)
    },
  }
}
