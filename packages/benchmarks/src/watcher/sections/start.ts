import type { Demands } from '../demands.ts'
import { measureBurst, measureIdle, measureStart } from '../measurements.ts'
import { print, table } from '../print.ts'
import { interleave, ratioOf, spreadOf } from '../spread.ts'
import type { SubjectName, SubjectStats } from '../subject.ts'
import { LABELS, LIBRARIES, OURS, isProgram } from '../subjects.ts'
import { type BenchmarkTree, makeTree } from '../trees.ts'

const cpuMs = (one: { readonly cpuMs: number }): number => one.cpuMs
const readyMs = (one: SubjectStats): number => one.readyMs

/** To be ready, with one target and with many, and what it costs to stay so. */
export async function printStart(
  subjects: readonly SubjectName[],
  rounds: number,
  demands: Demands,
): Promise<void> {
  using tree = makeTree(50_000)
  const bare = await measureStart('nothing', tree.root)
  const measured = await interleave(subjects, rounds, (name) => measureStart(name, tree.root))
  // A program of its own has no node in it.
  const found = new Map(
    [...measured].map(([name, all]) => [
      name,
      isProgram(name) ? all : all.map((one) => less(one, bare)),
    ]),
  )
  const raw = found.get('raw-chokidar')
  const peer = found.get('parcel')
  print(
    `\n## To be ready: 50,000 files in 2,500 directories (the process without a watcher: ${bare.rssMb.toFixed(0)} MB)\n`,
  )
  const head = ['watcher', 'ready ms', '× chokidar 6', '× parcel']
  const costs = ['CPU ms', '× chokidar 6', '× parcel', 'MB of its own', '× chokidar 6', 'watches']
  table(
    [...head, ...costs],
    subjects.map((name) => {
      const own = found.get(name)
      return [
        LABELS[name],
        spreadOf(own, readyMs).format(),
        ratioOf(own, raw, readyMs).format(2),
        ratioOf(own, peer, readyMs).format(2),
        spreadOf(own, cpuMs).format(),
        ratioOf(own, raw, cpuMs).format(2),
        ratioOf(own, peer, cpuMs).format(2),
        spreadOf(own, rssMb).format(),
        ratioOf(own, raw, rssMb).format(2),
        spreadOf(own, watches).format(),
      ]
    }),
  )
  const own = found.get('inotify')
  demands.times('inotify, ready: CPU beside chokidar 6', 0.2, [own, raw], cpuMs)
  demands.times('inotify, ready: CPU beside @parcel/watcher', 1.5, [own, peer], cpuMs)
  demands.times('inotify, ready: time beside @parcel/watcher', 1.5, [own, peer], readyMs)
  if (found.has('inotifywait')) {
    const limit = [own, found.get('inotifywait')] as const
    demands.times('inotify, ready: CPU beside inotifywait', 2, limit, cpuMs)
  }
  demands.times('inotify, ready: memory beside chokidar 6', 0.2, [own, raw], rssMb)
  demands.times('inotify, ready: memory beside @parcel/watcher', 2, [own, peer], rssMb)
  await printManyTargets(tree, rounds, demands)
  await printIdle(tree.root, rounds, demands)
}

const rssMb = (one: SubjectStats): number => one.rssMb
const watches = (one: SubjectStats): number => one.watches

function less(one: SubjectStats, bare: SubjectStats): SubjectStats {
  return { ...one, rssMb: one.rssMb - bare.rssMb }
}

async function printManyTargets(
  tree: BenchmarkTree,
  rounds: number,
  demands: Demands,
): Promise<void> {
  print('\n## The same tree for 50 targets instead of one\n')
  const rows: string[][] = []
  const one = { name: 'raw-chokidar', targets: 1 } as const
  const subjects: readonly { readonly name: SubjectName; readonly targets: number }[] = [
    one,
    ...OURS.flatMap((name) => [1, 50].map((targets) => ({ name, targets }))),
  ]
  const starts = await interleave(subjects, rounds, ({ name, targets }) =>
    measureStart(name, tree.root, targets),
  )
  const bursts = await interleave(subjects, rounds, ({ name, targets }) =>
    measureBurst(name, tree, targets),
  )
  for (const name of OURS) {
    const of = (targets: number): (typeof subjects)[number] | undefined =>
      subjects.find((subject) => subject.name === name && subject.targets === targets)
    const [few, many] = [of(1), of(50)]
    if (few === undefined || many === undefined) continue
    const pair = [starts.get(many), starts.get(few)] as const
    const burst = [bursts.get(many), bursts.get(few)] as const
    rows.push([
      LABELS[name],
      ratioOf(...pair, readyMs).format(2),
      ratioOf(...pair, cpuMs).format(2),
      ratioOf(...pair, rssMb).format(2),
      ratioOf(...pair, watches).format(2),
      ratioOf(...burst, (ms) => ms).format(2),
      ratioOf(pair[0], starts.get(one), cpuMs).format(2),
    ])
    demands.times(`${name}, 50 targets beside 1, ready: CPU`, 1.1, pair, cpuMs)
    demands.times(`${name}, 50 targets beside 1: memory`, 1.15, pair, rssMb)
    demands.times(`${name}, 50 targets beside 1: watches`, 1, pair, watches)
    demands.times(`${name}, 50 targets beside 1, 500 edits at once: CPU`, 1.5, burst, (ms) => ms)
    if (name === 'chokidar') {
      const beside = [pair[0], starts.get(one)] as const
      demands.times('chokidar, 50 targets, ready: CPU beside one chokidar 6', 1.15, beside, cpuMs)
      demands.times(
        'chokidar, 50 targets, ready: time beside one chokidar 6',
        1.15,
        beside,
        readyMs,
      )
    }
  }
  const head = ['watcher', 'ready ×', 'CPU ×', 'RSS ×', 'watches ×', 'CPU of 500 edits at once ×']
  table([...head, 'CPU to be ready × one chokidar 6'], rows)
}

async function printIdle(root: string, rounds: number, demands: Demands): Promise<void> {
  print('\n## While nothing happens: 50,000 files, 50 targets (peers: one), 10 s\n')
  const found = await interleave(LIBRARIES, rounds, (name) => measureIdle(name, root))
  const rows = LIBRARIES.map((name) => [
    LABELS[name],
    spreadOf(found.get(name), (percent) => percent).format(3),
  ])
  table(['watcher', '% of one core'], rows)
  for (const name of OURS) {
    demands.most(`${name}, 50 targets, idle: % of a core`, 0.05, found.get(name), (used) => used)
  }
}
