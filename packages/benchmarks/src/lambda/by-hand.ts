import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'

/** What is started by hand: perhaps built first, then run with Node. */
export interface ByHand {
  readonly cwd: string
  /** The build; none to run what is there. */
  readonly build: readonly string[] | null
  readonly program: string
}

/**
 * Builds and starts a function by hand, with no more of a Runtime API than one invocation needs,
 * and tells after how many milliseconds it has answered.
 */
export async function coldStartByHand({ cwd, build, program }: ByHand): Promise<number> {
  const answered = Promise.withResolvers<number>()
  let startMs = 0
  let isAsked = false
  const server = createServer((request, response) => {
    request.resume()
    if (request.method === 'GET') {
      // Only the first one is answered.
      if (isAsked) return
      isAsked = true
      response.writeHead(200, { 'lambda-runtime-aws-request-id': 'one' })
      response.end('{}')
      return
    }
    request.once('end', () => {
      answered.resolve(performance.now() - startMs)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  startMs = performance.now()
  if (build !== null) await run(cwd, build)
  const child = spawn(process.execPath, [program], {
    cwd,
    env: { ...process.env, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}` },
    stdio: 'ignore',
  })
  const elapsedMs = await answered.promise
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
  server.closeAllConnections()
  server.close()
  return elapsedMs
}

async function run(cwd: string, [file = '', ...args]: readonly string[]): Promise<void> {
  const child = spawn(file, args, { cwd, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${file} ended with ${String(code)}`)
}
