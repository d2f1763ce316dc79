import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'node:http'
import { fileURLToPath } from 'node:url'

import { coldStartByHand } from './by-hand.ts'
import { buildOf, openColdWorkspace } from './cold-workspace.ts'
import { perSecond, post, roundTripsMs } from './load.ts'
import { median, print } from './report.ts'
import { folderVariable, startServerlessOffline } from './serverless-offline.ts'

/** How much is measured. */
interface Extent {
  readonly rounds: number
  /** In each round, of each kind and subject. */
  readonly requests: number
}

const whole: Extent = { rounds: 7, requests: 1500 }
/** Enough to see whether something is far off. */
const quick: Extent = { rounds: 3, requests: 200 }

/** So many requests are under way where throughput is measured. */
const underWay = 16

/**
 * The emulator beside a bare Node HTTP echo (the limit) and serverless-offline, in turns within one
 * run: what a warm invocation costs, how many there are in a second, and what a first one costs
 * beside building and starting the same program by hand.
 */
export async function run(options: readonly string[]): Promise<void> {
  const extent = options.includes('--quick') ? quick : whole
  const echo = await startServer('echo-server.ts')
  const emulator = await startServer('emulator-server.ts')
  const peer = await startServerlessOffline()
  if (peer === null) {
    process.stdout.write(
      `serverless-offline is left out: name a folder in which "npm install serverless@3 serverless-offline@13" was run in ${folderVariable}\n\n`,
    )
  }
  try {
    await warm(extent, `http://127.0.0.1:${echo.port}/`, emulator.port, peer?.url ?? null)
    await coldStarts(extent, emulator)
  } finally {
    await peer?.end()
    await Promise.all([echo, emulator].map(end))
  }
  await coldBuilds(extent)
}

/** What answers, and what was measured of it. */
class Subject {
  readonly trips: number[] = []
  readonly rates: number[] = []
  readonly name: string
  readonly url: string

  constructor(name: string, url: string) {
    this.name = name
    this.url = url
  }
}

async function warm(
  { rounds, requests }: Extent,
  echoUrl: string,
  port: number,
  peerUrl: string | null,
): Promise<void> {
  const echo = new Subject('bare HTTP echo', echoUrl)
  const subjects = [
    echo,
    new Subject('invocation, 1 instance', invokeUrl(port, 'one')),
    new Subject('invocation, 4 instances', invokeUrl(port, 'four')),
    ...(peerUrl === null ? [] : [new Subject('serverless-offline', peerUrl)]),
  ]
  // In turns, so that what else the machine does falls on all alike.
  /* oxlint-disable no-await-in-loop -- see above */
  for (const { url } of subjects) await perSecond(url, underWay, requests)
  for (let round = 0; round < rounds; round += 1) {
    for (const { trips, rates, url } of subjects) {
      trips.push(median(await roundTripsMs(url, requests)))
      rates.push(await perSecond(url, underWay, requests))
    }
  }
  /* oxlint-enable no-await-in-loop */
  const lines = (of: 'trips' | 'rates') =>
    subjects.map((subject) => ({
      name: subject.name,
      values: subject[of],
      ...(subject === echo ? {} : { reference: echo[of] }),
    }))
  print('warm round trip, ms', 2, lines('trips'))
  print(`throughput, ${underWay} under way, 1/s`, 0, lines('rates'))
}

/** The emulator alone: nothing is built. */
async function coldStarts({ rounds }: Extent, emulator: Server): Promise<void> {
  const program = fileURLToPath(new URL('echo-function.ts', import.meta.url))
  const byHand: number[] = []
  const invoked: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    /* oxlint-disable no-await-in-loop -- in turns */
    byHand.push(await coldStartByHand({ cwd: process.cwd(), build: null, program }))
    emulator.child.send('cold')
    await once(emulator.child, 'message')
    invoked.push(await firstAnswerMs(invokeUrl(emulator.port, 'one')))
    /* oxlint-enable no-await-in-loop */
  }
  print('first answer, not built, ms', 1, [
    { name: 'spawned by hand', values: byHand },
    { name: 'first invocation', values: invoked, reference: byHand },
  ])
}

/** A whole session: watcher, scheduler, lock, esbuild, process, Runtime API. */
async function coldBuilds({ rounds }: Extent): Promise<void> {
  // One round more, which is not counted: the first build of a session loads what builds need.
  const names = Array.from({ length: rounds + 1 }, (_, index) => `f${index}`)
  const workspace = await openColdWorkspace(names)
  const byHand: number[] = []
  const invoked: number[] = []
  try {
    for (const name of names) {
      const { command, program } = buildOf(`${name}-by-hand`)
      /* oxlint-disable no-await-in-loop -- in turns */
      byHand.push(await coldStartByHand({ cwd: workspace.root, build: command, program }))
      const url = `${workspace.endpoint}/2015-03-31/functions/${name}/invocations`
      invoked.push(await firstAnswerMs(url))
      /* oxlint-enable no-await-in-loop */
    }
  } finally {
    await workspace.end()
  }
  const reference = byHand.slice(1)
  print('first answer, built by esbuild, ms', 1, [
    { name: 'built and spawned by hand', values: reference },
    { name: 'first invocation of a session', values: invoked.slice(1), reference },
  ])
}

async function firstAnswerMs(url: string): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const startMs = performance.now()
  await post(agent, url, Buffer.from('{}'))
  const elapsedMs = performance.now() - startMs
  agent.destroy()
  return elapsedMs
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

async function end({ child }: Server): Promise<void> {
  const exited = once(child, 'exit')
  child.disconnect()
  await exited
}

function invokeUrl(port: number, name: string): string {
  return `http://127.0.0.1:${port}/2015-03-31/functions/${name}/invocations`
}
