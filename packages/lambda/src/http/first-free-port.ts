import { errorCode } from '../error-code.ts'
import { LambdaError } from '../errors.ts'
import type { HttpServer } from './http-server.ts'

/** How many ports are tried, from the one asked for. */
const attempts = 100

/** Opens on the given port or the next free one; port 0 lets the system choose. */
export async function onFirstFreePort(
  host: string,
  port: number,
  open: (port: number) => Promise<HttpServer>,
): Promise<HttpServer> {
  const last = Math.min(port + attempts - 1, 65_535)
  for (let candidate = port; ; candidate += 1) {
    try {
      // Ports are tried one after the other: the first free one is wanted.
      return await open(candidate) // oxlint-disable-line no-await-in-loop -- see above
    } catch (error) {
      const code = errorCode(error)
      if (code === 'EADDRINUSE' && port !== 0 && candidate < last) continue
      // Only what the system says is about the port; anything else is a mistake of ours.
      if (code === undefined || !(error instanceof Error) || !('syscall' in error)) throw error
      const tried = candidate === port ? `port ${port}` : `ports ${port} to ${candidate}`
      throw new LambdaError(
        'LAMBDA_NO_PORT',
        `cannot listen on ${host}, ${tried}: ${code}; choose another port, or 0 for any`,
        { cause: error },
      )
    }
  }
}
