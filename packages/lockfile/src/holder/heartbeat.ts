import { Worker } from 'node:worker_threads'

import { HEARTBEAT_MS } from '../disk/record.ts'
import { systemCode } from '../errors.ts'
import type { LockOptions } from '../options.ts'
import type { System } from '../system/system.ts'

/**
 * A lock held for less than this never beats: starting the thread would cost more than the tenure.
 */
const FIRST_BEAT_MS = 250

/** Stops the heartbeat of one baton. */
export type StopBeating = () => void

/**
 * Sets the modification time of a held baton every second, so that others can tell a hung holder
 * from a busy one, and notices when the baton is gone. It never opens the file, let alone creates
 * it. Keeps no process alive.
 */
export function startHeartbeat(
  system: System,
  path: string,
  from: NonNullable<LockOptions['heartbeat']>,
  onLost: () => void,
): StopBeating {
  if (from === 'worker-at-once') return beatFromWorker(system, path, onLost)
  let stop: StopBeating | null = null
  const cancel = setTimeout(() => {
    stop = from === 'worker' ? beatFromWorker(system, path, onLost) : beatHere(system, path, onLost)
  }, FIRST_BEAT_MS)
  cancel.unref()
  return () => {
    clearTimeout(cancel)
    stop?.()
  }
}

function beatHere(system: System, path: string, onLost: () => void): StopBeating {
  const beat = (): void => {
    try {
      system.files.touch(path)
    } catch (error) {
      // Anything but "gone" may pass: a full table, a share that is away for a while.
      if (systemCode(error) === 'ENOENT') onLost()
    }
  }
  beat()
  const timer = setInterval(beat, HEARTBEAT_MS)
  timer.unref()
  return () => clearInterval(timer)
}

/** One thread beats for all leases of the process; it lives while there is one. */
let shared: BeatThread | null = null

function beatFromWorker(system: System, path: string, onLost: () => void): StopBeating {
  shared ??= new BeatThread(() => {
    shared = null
  })
  return shared.add(system, path, onLost)
}

interface Beating {
  readonly system: System
  readonly path: string
  readonly onLost: () => void
  /** Set when the thread failed and the main thread took over. */
  stopHere: StopBeating | null
}

class BeatThread {
  readonly #worker: Worker
  readonly #onEnd: () => void
  readonly #beating = new Map<number, Beating>()
  #lastId = 0
  #failed = false

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd
    this.#worker = new Worker(BEAT_SOURCE, {
      eval: true,
      execArgv: [],
      workerData: HEARTBEAT_MS,
    })
    this.#worker.unref()
    this.#worker.on('message', (id: number) => this.#beating.get(id)?.onLost())
    this.#worker.on('error', () => this.#fallBack())
  }

  add(system: System, path: string, onLost: () => void): StopBeating {
    this.#lastId += 1
    const id = this.#lastId
    const beating: Beating = { system, path, onLost, stopHere: null }
    this.#beating.set(id, beating)
    if (this.#failed) beating.stopHere = beatHere(system, path, onLost)
    else this.#tell({ id, path })
    return () => this.#remove(id)
  }

  #remove(id: number): void {
    const beating = this.#beating.get(id)
    if (beating === undefined) return
    this.#beating.delete(id)
    beating.stopHere?.()
    if (!this.#failed) this.#tell({ id, path: null })
    if (this.#beating.size > 0) return
    this.#onEnd()
    // The thread ends by itself once told that nothing is left; it holds nothing that must be freed.
    if (!this.#failed) this.#tell({ id: 0, path: null })
  }

  #tell(message: { readonly id: number; readonly path: string | null }): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage(message)
  }

  /** A thread that cannot run (a limit, a policy) leaves the beats to the main thread. */
  #fallBack(): void {
    this.#failed = true
    for (const beating of this.#beating.values()) {
      beating.stopHere ??= beatHere(beating.system, beating.path, beating.onLost)
    }
  }
}

const BEAT_SOURCE = `
const { parentPort, workerData } = require('node:worker_threads')
const { lutimesSync } = require('node:fs')
const paths = new Map()
const beat = (id, path) => {
  try {
    const now = new Date()
    lutimesSync(path, now, now)
  } catch (error) {
    if (error.code !== 'ENOENT') return
    paths.delete(id)
    parentPort.postMessage(id)
  }
}
const timer = setInterval(() => {
  for (const [id, path] of paths) beat(id, path)
}, workerData)
parentPort.on('message', ({ id, path }) => {
  if (path !== null) {
    paths.set(id, path)
    beat(id, path)
    return
  }
  paths.delete(id)
  if (id === 0) {
    clearInterval(timer)
    parentPort.close()
  }
})
`
