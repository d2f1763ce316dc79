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

/** The same package over its two backends. */
const OURS = ['inotify', 'chokidar'] as const

/** Programs that are measured where they are installed. */
const PROGRAMS = ['watchman', 'inotifywait'] as const

const LIBRARIES: readonly SubjectName[] = [...OURS, 'raw-chokidar', 'parcel']

const LABELS: Readonly<Record<SubjectName, string>> = {
  nothing: 'nothing',
  inotify: '@singletrack/watcher (inotify)',
  worker: '@singletrack/watcher (inotify, worker)',
  chokidar: '@singletrack/watcher (chokidar)',
  'raw-chokidar': 'chokidar 6',
  parcel: '@parcel/watcher',
  watchman: 'watchman and its client',
  inotifywait: 'inotifywait and its pipe',
}

/** Every subject is measured this often, in turn; tables show the median, the least and the most. */
const ROUNDS = Math.max(3, Number(process.env['WATCHER_BENCHMARK_ROUNDS'] ?? '3'))

/** Sections to print, by name; all if none is given. */
const ASKED = (process.env['WATCHER_BENCHMARK_SECTIONS'] ?? '').split(',').filter(Boolean)

/** Prints the watcher beside its peers: cost, latency, and what gets lost. */
export async function run(): Promise<void> {
  if (process.platform !== 'linux') {
    print('These measurements read /proc and compare inotify watchers: Linux only.')
    return
  }
  const programs = PROGRAMS.filter((tool) => isInstalled(tool))
  for (const tool of PROGRAMS) {
    if (!programs.includes(tool)) print(`${tool} is not installed: not measured.`)
  }
  print(`\nMedian (least–most) of ${ROUNDS} interleaved rounds.`)
  const all = [...LIBRARIES, ...programs]
  // Debian's 4.9 left subscriptions unanswered now and then: measured at the start only.
  const prompt = all.filter((name) => name !== 'watchman')
  const sections: ReadonlyMap<string, () => void | Promise<void>> = new Map([
    ['dispatch', printDispatch],
    ['start', () => printStart(all)],
    ['pruning', printPruning],
    ['latency', () => printLatency(prompt)],
    ['stopped', () => printStopped(prompt)],
    ['checkout', () => printLoss('git checkout of 5,000 files', prompt, measureCheckout)],
    ['removal', () => printRemoval()],
  ])
  for (const [name, section] of sections) {
    if (ASKED.length > 0 && !ASKED.includes(name)) continue
    // oxlint-disable-next-line no-await-in-loop -- measurements must not disturb each other
    await section()
  }
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

async function printStart(subjects: readonly SubjectName[]): Promise<void> {
  using tree = makeTree(50_000)
  const { rssMb: bareMb } = await measureStart('nothing', tree.root)
  const found = await interleave(subjects, ROUNDS, (name) => measureStart(name, tree.root))
  // A program of its own has no node in it.
  const baseMb = (name: SubjectName): number => (isProgram(name) ? 0 : bareMb)
  const raw = found.get('raw-chokidar')
  const peer = found.get('parcel')
  print(
    `\n## To be ready: 50,000 files in 2,500 directories (the process without a watcher: ${bareMb.toFixed(0)} MB)\n`,
  )
  table(
    [
      'watcher',
      'ready ms',
      '× chokidar 6',
      '× parcel',
      'CPU ms',
      '× chokidar 6',
      '× parcel',
      'MB of its own',
      '× chokidar 6',
      'watches',
    ],
    subjects.map((name) => {
      const own = found.get(name)
      return [
        LABELS[name],
        spreadOf(own, (one) => one.readyMs).format(),
        ratioOf(own, raw, (one) => one.readyMs).format(2),
        ratioOf(own, peer, (one) => one.readyMs).format(2),
        spreadOf(own, (one) => one.cpuMs).format(),
        ratioOf(own, raw, (one) => one.cpuMs).format(2),
        ratioOf(own, peer, (one) => one.cpuMs).format(2),
        spreadOf(own, (one) => one.rssMb - baseMb(name)).format(),
        ratioOf(
          own?.map((one) => one.rssMb - baseMb(name)),
          raw?.map((one) => one.rssMb - bareMb),
          (mb) => mb,
        ).format(2),
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
  const found = await interleave(LIBRARIES, ROUNDS, (name) => measureIdle(name, root))
  const rows = LIBRARIES.map((name) => [
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

async function printLatency(subjects: readonly SubjectName[]): Promise<void> {
  using tree = makeTree(10_000)
  const chokidar = { name: 'raw-chokidar', targets: 1 } as const
  const others = subjects.filter((name) => name !== chokidar.name)
  const measured: readonly { readonly name: SubjectName; readonly targets: number }[] = [
    chokidar,
    ...others.map((name) => ({ name, targets: 1 })),
    ...OURS.map((name) => ({ name, targets: 50 })),
  ]
  print('\n## From a write to the callback: 200 edits 50 ms apart\n')
  const found = await interleave(measured, ROUNDS, ({ name, targets }) =>
    measureLatency(name, tree, targets),
  )
  const raw = found.get(chokidar)
  const rows = measured.map((one) => {
    const own = found.get(one)
    return [
      LABELS[one.name],
      `${one.targets}`,
      spreadOf(own, ({ p50 }) => p50).format(1),
      ratioOf(own, raw, ({ p50 }) => p50).format(2),
      spreadOf(own, ({ p99 }) => p99).format(1),
      ratioOf(own, raw, ({ p99 }) => p99).format(2),
      spreadOf(own, ({ cpuMsPerEdit }) => cpuMsPerEdit).format(2),
      ratioOf(own, raw, ({ cpuMsPerEdit }) => cpuMsPerEdit).format(2),
      spreadOf(own, ({ missed }) => missed).format(),
    ]
  })
  const times = '× chokidar 6'
  const head = ['watcher', 'targets', 'p50 ms', times, 'p99 ms', times, 'CPU ms per edit', times]
  table([...head, 'missed'], rows)
}

async function printStopped(subjects: readonly SubjectName[]): Promise<void> {
  for (const count of [20_000, 40_000]) {
    using tree = makeTree(40_000)
    await printLoss(`${count} edits while the process is stopped`, subjects, (name) =>
      measureStopped(name, tree, count),
    )
  }
}

async function printRemoval(): Promise<void> {
  const subjects: readonly SubjectName[] = ['worker', ...LIBRARIES]
  await printLoss('Removal of 50,000 files', subjects, async (name) => {
    using tree = makeTree(50_000)
    return await measureRemoval(name, tree)
  })
}

async function printLoss(
  title: string,
  subjects: readonly SubjectName[],
  measure: (name: SubjectName) => Promise<Loss>,
): Promise<void> {
  print(`\n## ${title}\n`)
  const found = await interleave(subjects, ROUNDS, measure)
  const raw = found.get('raw-chokidar')
  const rows = subjects.map((name) => {
    const own = found.get(name)
    const of = (pick: (loss: Loss) => number): Spread => spreadOf(own, pick)
    return [
      LABELS[name],
      of((loss) => loss.missed).format(),
      of((loss) => loss.duplicates).format(),
      isOurs(name) ? of((loss) => loss.batches).format() : '–',
      of((loss) => loss.cpuMs).format(),
      ratioOf(own, raw, (loss) => loss.cpuMs).format(2),
      isProgram(name) ? '–' : of((loss) => loss.stallCpuMs).format(),
      isProgram(name) ? '–' : of((loss) => loss.stallMs).format(),
    ]
  })
  const head = ['watcher', 'missed', 'told twice', 'batches', 'CPU ms', '× chokidar 6']
  table([...head, 'longest turn, CPU ms', 'longest turn ms'], rows)
}

function isOurs(name: SubjectName): boolean {
  return name === 'inotify' || name === 'worker' || name === 'chokidar'
}

function isProgram(name: SubjectName): boolean {
  return name === 'watchman' || name === 'inotifywait'
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
