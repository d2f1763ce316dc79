import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Names the folder whose `node_modules` holds serverless and serverless-offline. */
export const folderVariable = 'SINGLETRACK_BENCH_SERVERLESS'

/** serverless-offline at work, with one function that answers with its event. */
export interface ServerlessOffline {
  /** Where the function is invoked. */
  readonly url: string
  end(): Promise<void>
}

const startDeadlineMs = 120_000

/**
 * Starts serverless-offline where somebody has installed it (`npm install serverless@3
 * serverless-offline@13`); `null` where not: it is 280 MB, too much for a development dependency.
 */
export async function startServerlessOffline(): Promise<ServerlessOffline | null> {
  const installed = process.env[folderVariable]
  if (installed === undefined) return null
  const modules = join(installed, 'node_modules')
  const program = join(modules, 'serverless/bin/serverless.js')
  if (!existsSync(program)) throw new Error(`${folderVariable}: there is no ${program}`)
  const folder = mkdtempSync(join(tmpdir(), 'singletrack-bench-serverless-'))
  symlinkSync(modules, join(folder, 'node_modules'))
  writeFileSync(
    join(folder, 'serverless.yml'),
    'service: bench\nprovider: { name: aws, runtime: nodejs20.x }\nplugins: [serverless-offline]\nfunctions: { echo: { handler: handler.echo } }\n',
  )
  writeFileSync(join(folder, 'handler.js'), 'exports.echo = async (event) => event\n')
  const [lambdaPort, httpPort] = [await freePort(), await freePort()]
  const ports = ['--lambdaPort', String(lambdaPort), '--httpPort', String(httpPort)]
  const child = spawn(process.execPath, [program, 'offline', 'start', ...ports], {
    cwd: folder,
    env: { ...process.env, SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' },
    stdio: 'ignore',
  })
  const end = async (): Promise<void> => {
    await ended(child)
    rmSync(folder, { recursive: true, force: true })
  }
  // By name, not by address: it listens on whichever loopback address the name has first.
  const url = `http://localhost:${lambdaPort}/2015-03-31/functions/bench-dev-echo/invocations`
  const deadline = performance.now() + startDeadlineMs
  while (!(await answers(url))) {
    if (child.exitCode === null && performance.now() < deadline) {
      await sleep(200)
      continue
    }
    await end()
    throw new Error(`serverless-offline did not answer within ${startDeadlineMs / 1000} s`)
  }
  return { url, end }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: 'POST', body: '{}' })
    await response.arrayBuffer()
    return response.ok
  } catch {
    return false
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address !== null ? address.port : 0
}
