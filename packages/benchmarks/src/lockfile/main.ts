import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { contenders, type ContenderName } from './contenders.ts'
import { type Spread, format, spreadOf } from './spread.ts'

const ROUNDS = 2_000
const HANDOFFS = 60
const TAKEOVERS = 25
const STOP_MS = 4_000
const STALE_MS = 2_000

const PEER = fileURLToPath(new URL('peer.ts', import.meta.url))

/** Prints how long locks take, beside proper-lockfile and npm's lockfile, in one run. */
export async function run(): Promise<void> {
  print('Build lock, in ms (lockfile, proper-lockfile: stale after 2 s, as their users set it)')
  await uncontended()
  await handoff()
  await takeover()
  await stopped()
}

const NAMES: readonly ContenderName[] = ['singletrack', 'proper-lockfile', 'lockfile']

async function uncontended(): Promise<void> {
  const times = new Map<ContenderName, number[]>(NAMES.map((name) => [name, []]))
  await inFolder(async (folder) => {
    // Interleaved, so that a noisy moment hits all alike.
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of NAMES) {
        const startMs = performance.now()
        const release = await contenders[name].acquire(folder)
        await release()
        if (round >= 100) times.get(name)?.push(performance.now() - startMs)
      }
    }
  })
  table('acquire and release, uncontended', times)
}

async function handoff(): Promise<void> {
  const times = new Map<ContenderName, number[]>()
  for (const name of NAMES) {
    const gaps: number[] = []
    await inFolder(async (folder) => {
      for (let round = 0; round < HANDOFFS; round += 1) {
        await using peer = await Peer.start(name, folder)
        const waiting = contenders[name].wait(folder)
        await rest(30 + Math.random() * 120)
        const releasedAt = peer.releasedAt()
        peer.send('release')
        const release = await waiting
        const now = performance.timeOrigin + performance.now()
        gaps.push(Math.max(0, now - (await releasedAt)))
        await release()
      }
    })
    times.set(name, gaps)
  }
  table('handoff: release there, owned here', times)
}

async function takeover(): Promise<void> {
  const times = new Map<ContenderName, number[]>()
  for (const name of NAMES) {
    const rounds = name === 'singletrack' ? TAKEOVERS : 3
    const gaps: number[] = []
    await inFolder(async (folder) => {
      for (let round = 0; round < rounds; round += 1) {
        await using peer = await Peer.start(name, folder)
        const waiting = contenders[name].wait(folder)
        await rest(30 + Math.random() * 300)
        const startMs = performance.now()
        peer.signal('SIGKILL')
        const release = await waiting
        gaps.push(performance.now() - startMs)
        await release()
      }
    })
    times.set(name, gaps)
  }
  table('take-over after kill -9', times)
}

async function stopped(): Promise<void> {
  print(`\nholder stopped (SIGSTOP) for ${STOP_MS / 1000} s, stale after ${STALE_MS / 1000} s`)
  for (const name of NAMES) {
    await inFolder(async (folder) => {
      await using peer = await Peer.start(name, folder)
      let takenMs: number | null = null
      const startMs = performance.now()
      const waiting = contenders[name].wait(folder).then(async (release) => {
        takenMs = performance.now() - startMs
        return release
      })
      peer.signal('SIGSTOP')
      await rest(STOP_MS)
      const told = takenMs === null ? 'kept' : `ROBBED after ${Math.round(takenMs)} ms`
      print(`  ${name.padEnd(16)} ${told}`)
      peer.signal('SIGCONT')
      if (takenMs === null) peer.send('release')
      await (
        await waiting
      )()
    })
  }
}

function table(title: string, times: ReadonlyMap<ContenderName, readonly number[]>): void {
  const spreads = new Map<ContenderName, Spread>(
    [...times].map(([name, values]) => [name, spreadOf(values)]),
  )
  const reference = spreads.get('proper-lockfile')?.p50 ?? Number.NaN
  print(`\n${title}`)
  for (const [name, spread] of spreads) {
    const ratio = (spread.p50 / reference).toFixed(2)
    print(`  ${name.padEnd(16)} ${format(spread)}   ${ratio}x proper-lockfile`)
  }
}

/** Another process that holds the lock. */
class Peer implements AsyncDisposable {
  readonly #child: ReturnType<typeof fork>

  private constructor(name: ContenderName, folder: string) {
    this.#child = fork(PEER, [name, folder], { execArgv: process.execArgv })
  }

  static async start(name: ContenderName, folder: string): Promise<Peer> {
    const peer = new Peer(name, folder)
    await new Promise((resolve) => peer.#child.once('message', resolve))
    return peer
  }

  send(message: 'release'): void {
    this.#child.send(message)
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** When the peer had released, in milliseconds since the epoch. */
  releasedAt(): Promise<number> {
    return new Promise((resolve) => this.#child.once('message', resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill('SIGKILL')
    await exited
  }
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'singletrack-bench-'))
  writeFileSync(join(folder, 'target'), '')
  try {
    await body(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function rest(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

if (import.meta.main) await run()
