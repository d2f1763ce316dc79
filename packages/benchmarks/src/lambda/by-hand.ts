import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'

/**
 * Starts the function by hand, with no more of a Runtime API than one invocation needs, and tells
 * after how many milliseconds it has answered.
 */
export async function coldStartByHand(): Promise<number> {
  const answered = Promise.withResolvers<number>()
  let startMs = 0
  let child: ChildProcess | undefined
  const server = createServer((request, response) => {
    request.resume()
    if (request.method === 'GET') {
      // Only the first one is answered.
      if (server.listenerCount('served') > 0) return
      server.once('served', () => {})
      response.writeHead(200, { 'lambda-runtime-aws-request-id': 'one' })
      response.end('{}')
      return
    }
    request.once('end', () => {
      answered.resolve(performance.now() - startMs)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  startMs = performance.now()
  child = spawn(process.execPath, [fileURLToPath(new URL('echo-function.ts', import.meta.url))], {
    env: { ...process.env, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}` },
    stdio: 'ignore',
  })
  const elapsedMs = await answered.promise
  child.kill('SIGKILL')
  server.closeAllConnections()
  server.close()
  return elapsedMs
}
