import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { fileURLToPath } from 'node:url'

import { coldStartByHand } from './by-hand.ts'
import { perSecond, post, roundTripsMs } from './load.ts'

const rounds = 7
const requests = 1500

/**
 * The emulator beside a bare Node HTTP echo, in turns within one run: what an invocation costs
 * (a caller, the emulator and the function's process: two HTTP exchanges more than an echo), and
 * what a first one costs beside starting the same program by hand.
 */
export async function run(): Promise<void> {
  const echo = await startServer('echo-server.ts')
  const emulator = await startServer('emulator-server.ts')
  try {
    const echoUrl = `http://127.0.0.1:${echo.port}/`
    const one = invokeUrl(emulator.port, 'one')
    const four = invokeUrl(emulator.port, 'four')
    await perSecond(four, 16, requests)
    await roundTripsMs(one, requests)
    await roundTripsMs(echoUrl, requests)

    const trips: Record<string, number[]> = { echo: [], emulator: [] }
    const rates: Record<string, number[]> = { echo: [], one: [], four: [] }
    for (let round = 0; round < rounds; round += 1) {
      // In turns, so that what else the machine does falls on all alike.
      /* oxlint-disable no-await-in-loop -- see above */
      trips['echo']?.push(median(await roundTripsMs(echoUrl, requests)))
      trips['emulator']?.push(median(await roundTripsMs(one, requests)))
      rates['echo']?.push(await perSecond(echoUrl, 16, requests))
      rates['one']?.push(await perSecond(one, 16, requests))
      rates['four']?.push(await perSecond(four, 16, requests))
      /* oxlint-enable no-await-in-loop */
    }
    print('warm round trip, ms, median', 'bare HTTP echo', trips['echo'] ?? [], 2)
    print('', 'invocation', trips['emulator'] ?? [], 2, trips['echo'])
    print('throughput, 16 under way, 1/s', 'bare HTTP echo', rates['echo'] ?? [], 0)
    print('', 'invocation, 1 instance', rates['one'] ?? [], 0, rates['echo'])
    print('', 'invocation, 4 instances', rates['four'] ?? [], 0, rates['echo'])
    await coldStarts(emulator)
  } finally {
    for (const { child } of [echo, emulator]) {
      const exited = once(child, 'exit')
      child.disconnect()
      await exited // oxlint-disable-line no-await-in-loop -- two processes, both ending
    }
  }
}

interface Server {
  readonly child: ChildProcess
  readonly port: number
}

async function startServer(program: string): Promise<Server> {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)))
  const [port] = await once(child, 'message')
  return { child, port: Number(port) }
}

async function coldStarts(emulator: Server): Promise<void> {
  const byHand: number[] = []
  const invoked: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    /* oxlint-disable no-await-in-loop -- in turns */
    byHand.push(await coldStartByHand())
    emulator.child.send('cold')
    await once(emulator.child, 'message')
    const agent = new Agent({ keepAlive: true })
    const startMs = performance.now()
    await post(agent, invokeUrl(emulator.port, 'one'), Buffer.from('{}'))
    invoked.push(performance.now() - startMs)
    agent.destroy()
    /* oxlint-enable no-await-in-loop */
  }
  print('first answer of a cold function, ms', 'spawned by hand', byHand, 1)
  print('', 'first invocation', invoked, 1, byHand)
}

function invokeUrl(port: number, name: string): string {
  return `http://127.0.0.1:${port}/2015-03-31/functions/${name}/invocations`
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** One line: the median of the rounds, their spread, and the ratio to what it is compared with. */
function print(
  title: string,
  name: string,
  values: readonly number[],
  digits: number,
  reference?: readonly number[],
): void {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map(
    (value) => value.toFixed(digits),
  )
  const ratio =
    reference === undefined ? '' : `${(median(values) / median(reference)).toFixed(2)} x`
  process.stdout.write(
    `${title.padEnd(38)}${name.padEnd(26)}${(middle ?? '').padStart(8)}  (${least} – ${most})  ${ratio}\n`,
  )
}
