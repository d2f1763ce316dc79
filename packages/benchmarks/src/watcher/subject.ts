/**
 * One watcher in a process of its own. Arguments: which, the root, how many targets. A line on
 * stdin is answered by one line of JSON: `stats`, `cpu` (so far), `sync` (a barrier, where the
 * watcher has one), `collect` (garbage, all of it), `named` (what was told, then forgotten), `stall`
 * (the longest turn of the event loop since the last one).
 */
import { existsSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { createInterface } from 'node:readline'

import parcel from '@parcel/watcher'
import { type WatcherOptions, createWatcher } from '@singletrack/watcher'
import { watch } from 'chokidar'

import { type External, cpuMsOf, rssMbOf, startInotifywait, startWatchman } from './external.ts'
import { StallMeter } from './stall-meter.ts'

export type SubjectName =
  /** The same process without a watcher: what memory is compared with. */
  | 'nothing'
  | 'inotify'
  | 'worker'
  | 'chokidar'
  | 'raw-chokidar'
  | 'parcel'
  | 'watchman'
  | 'inotifywait'

export interface SubjectStats {
  readonly readyMs: number
  readonly cpuMs: number
  readonly rssMb: number
  readonly watches: number
}

/** A path that was told, and when by the clock that all processes share. */
export interface Told {
  readonly path: string
  readonly at: number
}

const [name = '', root = '', targets = '1'] = process.argv.slice(2)
let told: Told[] = []
let batches = 0
let sync = async (): Promise<void> => {}

const startedAt = performance.now()
const cpuAtStart = process.cpuUsage()
const external = await start()
const readyMs = performance.now() - startedAt
// It wakes the process every millisecond: on only from the first question about it.
const meter = new StallMeter()
answer(external ?? { pid: process.pid })

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'stats') answer(stats())
  if (line === 'sync') {
    await sync()
    answer({ synced: true })
  }
  if (line === 'collect') {
    globalThis.gc?.()
    answer({ collected: true })
  }
  if (line === 'cpu') answer({ cpuMs: cpuMs() })
  if (line === 'named') {
    // To write the answer is not the watcher's work.
    const measures = meter.stop()
    answer({ told, batches })
    told = []
    batches = 0
    if (measures) meter.start()
  }
  if (line === 'stall') answer(meter.restart())
}
process.exit()

function tell(path: string): void {
  told.push({ path, at: performance.timeOrigin + performance.now() })
}

async function start(): Promise<External | undefined> {
  switch (name) {
    case 'nothing':
      return undefined
    case 'inotify':
    case 'chokidar':
      await startOurs({ backend: name })
      return undefined
    case 'worker':
      await startOurs({ worker: true })
      return undefined
    case 'raw-chokidar':
      await startChokidar()
      return undefined
    case 'parcel':
      await parcel.subscribe(
        root,
        (_error, events) => {
          for (const { path } of events) tell(relative(root, path))
        },
        { backend: 'inotify' },
      )
      return undefined
    case 'watchman':
      return startWatchman(root, tell)
    case 'inotifywait':
      return startInotifywait(root, tell)
    default:
      throw new Error(`no such subject: ${name}`)
  }
}

async function startOurs(options: Partial<WatcherOptions>): Promise<void> {
  const watcher = createWatcher({ root, ...options, onWarning: () => {} })
  for (let at = 0; at < Number(targets); at += 1) {
    watcher.add({
      id: `${at}`,
      include: ['**'],
      edge: 'both',
      // Less than the time between two edits: each is a first change after a quiet time.
      debounceMs: 20,
      onBatch: ({ changes }) => {
        // The first target stands for all: they get the same.
        if (at > 0) return
        batches += 1
        for (const { path } of changes) tell(path)
      },
    })
  }
  await watcher.ready
  sync = async () => void (await watcher.sync())
}

function startChokidar(): Promise<void> {
  const watcher = watch(root, { atomic: false, ignoreInitial: true, followSymlinks: false })
  watcher.on('all', (_event, path) => tell(relative(root, path)))
  return new Promise((resolve) => watcher.once('ready', () => resolve()))
}

/** Of a program of its own: what it takes, and what it takes to read what it writes. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage(cpuAtStart)
  return (user + system) / 1_000 + (external === undefined ? 0 : cpuMsOf(external.pid))
}

function stats(): SubjectStats {
  return {
    readyMs,
    cpuMs: cpuMs(),
    rssMb: external === undefined ? process.memoryUsage.rss() / 2 ** 20 : rssMbOf(external.pid),
    watches: countWatches(external?.pid ?? process.pid),
  }
}

function countWatches(pid: number): number {
  let found = 0
  for (let fd = 0; fd < 256; fd += 1) {
    const file = `/proc/${pid}/fdinfo/${fd}`
    if (existsSync(file)) found += readFileSync(file, 'utf8').split('\ninotify').length - 1
  }
  return found
}

function answer(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}
