import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

import {
  type Loss,
  measureCheckout,
  measureIdle,
  measureLatency,
  measureRemoval,
  measureStart,
  measureStopped,
} from './measurements.ts'
import { type Spread, interleave, ratioOf, spreadOf } from './spread.ts'
import type { SubjectName } from './subject.ts'
import { addFiles, makeTree } from './trees.ts'

const SUBJECTS: readonly SubjectName[] = ['inotify', 'chokidar', 'raw-chokidar', 'parcel']

/** The same package over its two backends. */
const OURS = ['inotify', 'chokidar'] as const

const LABELS: Readonly<Record<SubjectName, string>> = {
  inotify: '@singletrack/watcher (inotify)',
  chokidar: '@singletrack/watcher (chokidar)',
  'raw-chokidar': 'chokidar 6',
  parcel: '@parcel/watcher',
}

/** Every subject is measured this often, in turn; tables show the median, the least and the most. */
const ROUNDS = Math.max(3, Number(process.env['WATCHER_BENCHMARK_ROUNDS'] ?? '3'))

/** Prints the watcher beside its peers: cost, latency, and what gets lost. */
export async function run(): Promise<void> {
  if (process.platform !== 'linux') {
    print('These measurements read /proc and compare inotify watchers: Linux only.')
    return
  }
  for (const tool of ['watchman', 'inotifywait']) {
    if (!isInstalled(tool)) print(`${tool} is not installed: not measured.`)
  }
  print(`\nMedian (least–most) of ${ROUNDS} interleaved rounds.`)
  printDispatch()
  await printStart()
  await printPruning()
  await printLatency()
  await printLosses()
}

/** Measured by a program of the package itself: what it measures is not public. */
function printDispatch(): void {
  const manifest = fileURLToPath(import.meta.resolve('@singletrack/watcher/package.json'))
  const program = join(dirname(manifest), 'test/fixtures/dispatch-cost.ts')
  const lines = execFileSync(process.execPath, [program], { encoding: 'utf8' }).trim().split('\n')
  print('\n## To find the targets of a path, in microseconds\n')
  const rows = lines.map((line) => {
    const { layout, count, trieUs, naiveUs }: DispatchCost = JSON.parse(line)
    const times = (naiveUs / trieUs).toFixed(0)
    return [layout, `${count}`, trieUs.toFixed(2), naiveUs.toFixed(2), times]
  })
  table(['layout', 'targets', 'trie', 'every compiled glob in turn', '×'], rows)
}

interface DispatchCost {
  readonly layout: string
  readonly count: number
  readonly trieUs: number
  readonly naiveUs: number
}

async function printStart(): Promise<void> {
  using tree = makeTree(50_000)
  const bareMb = Number(
    execFileSync(process.execPath, ['-p', 'process.memoryUsage.rss() / 2 ** 20']),
  )
  const found = await interleave(SUBJECTS, ROUNDS, (name) => measureStart(name, tree.root))
  const raw = found.get('raw-chokidar')
  const peer = found.get('parcel')
  print(`\n## To be ready: 50,000 files in 2,500 directories (bare node ${bareMb.toFixed(0)} MB)\n`)
  table(
    [
      'watcher',
      'ready ms',
      '× chokidar 6',
      '× parcel',
      'CPU ms',
      '× chokidar 6',
      '× parcel',
      'MB above bare node',
      '× chokidar 6',
      'watches',
    ],
    SUBJECTS.map((name) => {
      const own = found.get(name)
      return [
        LABELS[name],
        spreadOf(own, (one) => one.readyMs).format(),
        ratioOf(own, raw, (one) => one.readyMs).format(2),
        ratioOf(own, peer, (one) => one.readyMs).format(2),
        spreadOf(own, (one) => one.cpuMs).format(),
        ratioOf(own, raw, (one) => one.cpuMs).format(2),
        ratioOf(own, peer, (one) => one.cpuMs).format(2),
        spreadOf(own, (one) => one.rssMb - bareMb).format(),
        ratioOf(own, raw, (one) => one.rssMb - bareMb).format(2),
        spreadOf(own, (one) => one.watches).format(),
      ]
    }),
  )
  await printManyTargets(tree.root)
  await printIdle(tree.root)
}

async function printManyTargets(root: string): Promise<void> {
  print('\n## The same tree for 50 targets instead of one\n')
  const rows: string[][] = []
  for (const name of OURS) {
    const found = await interleave([1, 50], ROUNDS, (targets) => measureStart(name, root, targets))
    const [one, many] = [found.get(1), found.get(50)]
    rows.push([
      LABELS[name],
      ratioOf(many, one, (start) => start.readyMs).format(2),
      ratioOf(many, one, (start) => start.cpuMs).format(2),
      ratioOf(many, one, (start) => start.rssMb).format(2),
      ratioOf(many, one, (start) => start.watches).format(2),
    ])
  }
  table(['watcher', 'ready ×', 'CPU ×', 'RSS ×', 'watches ×'], rows)
}

async function printIdle(root: string): Promise<void> {
  print('\n## While nothing happens: 50,000 files, 50 targets (peers: one), 10 s\n')
  const found = await interleave(SUBJECTS, ROUNDS, (name) => measureIdle(name, root))
  const rows = SUBJECTS.map((name) => [
    LABELS[name],
    spreadOf(found.get(name), (percent) => percent).format(3),
  ])
  table(['watcher', '% of one core'], rows)
}

async function printPruning(): Promise<void> {
  using tree = makeTree(5_000)
  addFiles(tree.root, 30_000, 'node_modules')
  writeFileSync(join(tree.root, '.gitignore'), 'node_modules\n')
  print('\n## To be ready: 5,000 files beside 30,000 in an ignored node_modules\n')
  const names = [...OURS, 'raw-chokidar'] as const
  const found = await interleave(names, ROUNDS, (name) => measureStart(name, tree.root))
  const raw = found.get('raw-chokidar')
  const rows = names.map((name) => {
    const own = found.get(name)
    return [
      LABELS[name],
      spreadOf(own, (one) => one.readyMs).format(),
      ratioOf(own, raw, (one) => one.readyMs).format(2),
      spreadOf(own, (one) => one.cpuMs).format(),
      ratioOf(own, raw, (one) => one.cpuMs).format(2),
      spreadOf(own, (one) => one.watches).format(),
    ]
  })
  const ratio = '× chokidar 6 without ignoring'
  table(['watcher', 'ready ms', ratio, 'CPU ms', ratio, 'watches'], rows)
}

async function printLatency(): Promise<void> {
  using tree = makeTree(10_000)
  print('\n## From a write to the callback: 200 edits 50 ms apart, 50 targets (peers: one)\n')
  const found = await interleave(SUBJECTS, ROUNDS, (name) =>
    measureLatency(name, tree, isOurs(name) ? 50 : 1),
  )
  const raw = found.get('raw-chokidar')
  const rows = SUBJECTS.map((name) => {
    const own = found.get(name)
    return [
      LABELS[name],
      spreadOf(own, (one) => one.p50).format(1),
      spreadOf(own, (one) => one.p99).format(1),
      spreadOf(own, (one) => one.cpuMsPerEdit).format(2),
      ratioOf(own, raw, (one) => one.cpuMsPerEdit).format(2),
      spreadOf(own, (one) => one.missed).format(),
    ]
  })
  table(['watcher', 'p50 ms', 'p99 ms', 'CPU ms per edit', '× chokidar 6', 'missed'], rows)
}

async function printLosses(): Promise<void> {
  for (const count of [20_000, 40_000]) {
    using tree = makeTree(40_000)
    await printLoss(`${count} edits while the process is stopped`, (name) =>
      measureStopped(name, tree, count),
    )
  }
  await printLoss('git checkout of 5,000 files', measureCheckout)
  await printLoss('Removal of 50,000 files', async (name) => {
    using tree = makeTree(50_000)
    return await measureRemoval(name, tree)
  })
}

async function printLoss(
  title: string,
  measure: (name: SubjectName) => Promise<Loss>,
): Promise<void> {
  print(`\n## ${title}\n`)
  const found = await interleave(SUBJECTS, ROUNDS, measure)
  const raw = found.get('raw-chokidar')
  const rows = SUBJECTS.map((name) => {
    const own = found.get(name)
    const of = (pick: (loss: Loss) => number): Spread => spreadOf(own, pick)
    return [
      LABELS[name],
      of((loss) => loss.missed).format(),
      of((loss) => loss.duplicates).format(),
      isOurs(name) ? of((loss) => loss.batches).format() : '–',
      of((loss) => loss.cpuMs).format(),
      ratioOf(own, raw, (loss) => loss.cpuMs).format(2),
      of((loss) => loss.stallMs).format(),
    ]
  })
  const head = ['watcher', 'missed', 'told twice', 'batches', 'CPU ms', '× chokidar 6']
  table([...head, 'longest stall ms'], rows)
}

function isOurs(name: SubjectName): boolean {
  return name === 'inotify' || name === 'chokidar'
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  for (const row of [head, head.map(() => '---'), ...rows]) print(`| ${row.join(' | ')} |`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function isInstalled(tool: string): boolean {
  try {
    execFileSync('which', [tool], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

if (import.meta.main) await run()
