import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { Workspace } from '../rig/workspace.ts'

/** What a stress run counted. */
export interface StressReport {
  readonly entries: number
  /** Two were inside at once, says the kernel. */
  readonly violations: number
  readonly kills: number
  readonly stops: number
  readonly takeovers: number
  /** A worker that ended by itself, that is, with an error. */
  readonly failures: number
  /** The longest time without any entry. */
  readonly longestPause: Pause
  /** The most {@link Pause.unclaimedMs} of all pauses. */
  readonly longestUnclaimedMs: number
  /** How late this process's own timer came at worst: what the machine alone accounts for. */
  readonly longestDelayMs: number
}

/** A time without any entry, and what it went into. */
export interface Pause {
  readonly ms: number
  /** A stopped process held the lock: nobody may enter. */
  readonly holderStoppedMs: number
  /** A running process held the lock, and had not finished. */
  readonly holderRunsMs: number
  /** Every worker was stopped, dead or still starting. */
  readonly nobodyContendsMs: number
  /** The lock was free, or its holder dead, and somebody contended: what the protocol itself takes. */
  readonly unclaimedMs: number
}

const NO_PAUSE: Pause = {
  ms: 0,
  holderStoppedMs: 0,
  holderRunsMs: 0,
  nobodyContendsMs: 0,
  unclaimedMs: 0,
}

export interface StressOptions {
  /** How long it goes on at least. */
  readonly seconds: number
  /** It also goes on until so many have entered and one was killed, or until {@link PATIENCE_MS}. */
  readonly entriesMin?: number
  readonly workers: number
  /** How long a stopped worker stays stopped, at most. */
  readonly stopMsMax: number
  /** Their programs, in turn; default: {@link WORKER}. */
  readonly mains?: readonly string[]
}

/** The program that contends: this version's. */
export const WORKER: string = fileURLToPath(new URL('worker-main.ts', import.meta.url))
const MISCHIEF_MS = 60
/** What a loaded machine is given beyond {@link StressOptions.seconds} to start its workers. */
const PATIENCE_MS = 45_000

/** Lets workers contend while they are killed and stopped at random moments. */
export async function stress({
  seconds,
  entriesMin = 0,
  workers,
  stopMsMax,
  mains = [WORKER],
}: StressOptions): Promise<StressReport> {
  using space = new Workspace()
  const database = join(space.root, 'oracle.db')
  const report = {
    entries: 0,
    violations: 0,
    kills: 0,
    stops: 0,
    takeovers: 0,
    failures: 0,
  }
  const living = new Set<ChildProcess>()
  /** Only who is already contending is worth killing; a loaded machine starts programs slowly. */
  const contending = new Set<ChildProcess>()
  const ends: Promise<void>[] = []
  let isOver = false
  let started = 0
  const pauses = new PauseMeter()

  const start = (): void => {
    started += 1
    const child = fork(mains[started % mains.length] ?? WORKER, [space.root, database], {
      execArgv: [],
      stdio: 'inherit',
    })
    living.add(child)
    child.on('message', (entry: 'ready' | { isAlone: boolean; takenOver: boolean }) => {
      if (entry === 'ready') {
        contending.add(child)
        return
      }
      report.entries += 1
      if (!entry.isAlone) report.violations += 1
      if (entry.takenOver) report.takeovers += 1
      pauses.entered()
    })
    ends.push(
      new Promise((resolve) => {
        child.once('exit', (code) => {
          living.delete(child)
          contending.delete(child)
          if (code !== null && code !== 0) report.failures += 1
          if (!isOver) start()
          resolve()
        })
      }),
    )
  }
  for (let count = 0; count < workers; count += 1) start()

  const stopped = new Set<ChildProcess>()
  const mischief = (): void => {
    const child = [...contending][Math.floor(Math.random() * contending.size)]
    if (child === undefined || stopped.has(child)) return
    if (Math.random() < 0.3) {
      report.kills += 1
      child.kill('SIGKILL')
    } else if (stopped.size < workers / 2) {
      report.stops += 1
      stopped.add(child)
      child.kill('SIGSTOP')
      setTimeout(() => {
        stopped.delete(child)
        child.kill(Math.random() < 0.2 ? 'SIGKILL' : 'SIGCONT')
      }, Math.random() * stopMsMax)
    }
  }
  const endAll = (): void => {
    for (const child of living) child.kill('SIGKILL')
  }
  // A stopped worker would outlive us.
  process.once('exit', endAll)
  const timer = setInterval(() => {
    pauses.look(sceneOf(space, contending, stopped))
    mischief()
  }, MISCHIEF_MS)
  await sleep(seconds * 1_000)
  const deadline = performance.now() + PATIENCE_MS
  while (performance.now() < deadline && (report.entries < entriesMin || report.kills === 0))
    // oxlint-disable-next-line no-await-in-loop -- waits for the condition
    await sleep(MISCHIEF_MS)
  clearInterval(timer)
  isOver = true
  endAll()
  await Promise.all(ends)
  process.off('exit', endAll)
  return { ...report, ...pauses.worst }
}

/** What a look at the lock shows about why nobody enters. */
type Scene = keyof Omit<Pause, 'ms'>

/** Says where the time went between two entries. */
class PauseMeter {
  #entryMs = performance.now()
  #lookMs = this.#entryMs
  #pause = { ...NO_PAUSE }
  #longest: Pause = NO_PAUSE
  #longestUnclaimedMs = 0
  #longestDelayMs = 0

  get worst(): Pick<StressReport, 'longestPause' | 'longestUnclaimedMs' | 'longestDelayMs'> {
    return {
      longestPause: this.#longest,
      longestUnclaimedMs: this.#longestUnclaimedMs,
      longestDelayMs: this.#longestDelayMs,
    }
  }

  look(scene: Scene): void {
    const nowMs = performance.now()
    this.#longestDelayMs = Math.max(this.#longestDelayMs, nowMs - this.#lookMs - MISCHIEF_MS)
    this.#pause[scene] += nowMs - Math.max(this.#lookMs, this.#entryMs)
    this.#lookMs = nowMs
  }

  entered(): void {
    const nowMs = performance.now()
    const ms = nowMs - this.#entryMs
    if (ms > this.#longest.ms) this.#longest = { ...this.#pause, ms }
    this.#longestUnclaimedMs = Math.max(this.#longestUnclaimedMs, this.#pause.unclaimedMs)
    this.#entryMs = nowMs
    this.#pause = { ...NO_PAUSE }
  }
}

function sceneOf(
  space: Workspace,
  contending: ReadonlySet<ChildProcess>,
  stopped: ReadonlySet<ChildProcess>,
): Scene {
  const pid = holderOf(space)
  if ([...stopped].some((child) => child.pid === pid)) return 'holderStoppedMs'
  if ([...contending].some((child) => child.pid === pid)) return 'holderRunsMs'
  const isAnybodyThere = [...contending].some((child) => !stopped.has(child))
  return isAnybodyThere ? 'unclaimedMs' : 'nobodyContendsMs'
}

/** The pid in the baton's name; null while nobody holds the lock. */
function holderOf(space: Workspace): number | null {
  try {
    const [, , , pid] = space.baton().split('.')
    return pid === undefined ? null : Number(pid)
  } catch {
    return null
  }
}
