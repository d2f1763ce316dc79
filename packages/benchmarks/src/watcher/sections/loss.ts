import type { Demands } from '../demands.ts'
import {
  type Loss,
  measureCheckout,
  measureRemoval,
  measureStart,
  measureStopped,
} from '../measurements.ts'
import { print, table } from '../print.ts'
import { type Spread, interleave, ratioOf, spreadOf } from '../spread.ts'
import type { SubjectName, SubjectStats } from '../subject.ts'
import { LABELS, LIBRARIES, OURS, isOurs, isProgram } from '../subjects.ts'
import { makeTree } from '../trees.ts'

type Found = ReadonlyMap<SubjectName, readonly Loss[]>

const cpuMs = (one: Loss): number => one.cpuMs
const missed = (one: Loss): number => one.missed
const toldMs = (one: Loss): number => one.toldMs
const readyMs = (one: SubjectStats): number => one.readyMs

/** Many edits while the process is stopped. */
export async function printStopped(
  subjects: readonly SubjectName[],
  rounds: number,
  demands: Demands,
): Promise<void> {
  for (const count of [20_000, 40_000]) {
    using tree = makeTree(40_000)
    const title = `${count} edits while the process is stopped`
    const found = await printLoss(title, subjects, rounds, (name) =>
      measureStopped(name, tree, count),
    )
    const starts = await interleave(['raw-chokidar'] as const, rounds, (name) =>
      measureStart(name, tree.root),
    )
    for (const name of OURS) {
      demands.always(`${name}, ${title}: missed`, 0, found.get(name), missed)
      // Another measurement, in other rounds: the least of each.
      const pair = [found.get(name)?.map(toldMs), starts.get('raw-chokidar')?.map(readyMs)] as const
      const what = `${name}, ${title}: until all is told beside chokidar 6 to be ready`
      demands.times(what, 1.5, pair, (ms) => ms)
    }
  }
}

/** One `git checkout` that changes 5,000 files. */
export async function printCheckout(
  subjects: readonly SubjectName[],
  rounds: number,
  demands: Demands,
): Promise<void> {
  const title = 'git checkout of 5,000 files'
  const found = await printLoss(title, subjects, rounds, measureCheckout)
  for (const name of OURS) {
    const own = found.get(name)
    const times = name === 'inotify' ? 0.6 : 1.3
    demands.always(`${name}, ${title}: missed`, 0, own, missed)
    demands.always(`${name}, ${title}: told twice`, 50, own, (one) => one.duplicates)
    demands.always(`${name}, ${title}: batches`, 2, own, (one) => one.batches)
    const pair = [own, found.get('raw-chokidar')] as const
    demands.times(`${name}, ${title}: CPU beside chokidar 6`, times, pair, cpuMs)
  }
}

/** Everything deleted at once. */
export async function printRemoval(rounds: number, demands: Demands): Promise<void> {
  const subjects: readonly SubjectName[] = ['worker', ...LIBRARIES]
  const title = 'Removal of 50,000 files'
  const found = await printLoss(title, subjects, rounds, async (name) => {
    using tree = makeTree(50_000)
    return await measureRemoval(name, tree)
  })
  for (const name of OURS) demands.always(`${name}, ${title}: missed`, 0, found.get(name), missed)
  demands.most(
    `inotify, ${title}: longest turn, CPU ms`,
    50,
    found.get('inotify'),
    (one) => one.stallCpuMs,
  )
}

async function printLoss(
  title: string,
  subjects: readonly SubjectName[],
  rounds: number,
  measure: (name: SubjectName) => Promise<Loss>,
): Promise<Found> {
  print(`\n## ${title}\n`)
  const found = await interleave(subjects, rounds, measure)
  const raw = found.get('raw-chokidar')
  const rows = subjects.map((name) => {
    const own = found.get(name)
    const of = (pick: (loss: Loss) => number): Spread => spreadOf(own, pick)
    return [
      LABELS[name],
      of(missed).format(),
      of((loss) => loss.duplicates).format(),
      isOurs(name) ? of((loss) => loss.batches).format() : '–',
      of(toldMs).format(),
      of(cpuMs).format(),
      ratioOf(own, raw, cpuMs).format(2),
      isProgram(name) ? '–' : of((loss) => loss.stallCpuMs).format(),
      isProgram(name) ? '–' : of((loss) => loss.stallMs).format(),
    ]
  })
  const head = ['watcher', 'missed', 'told twice', 'batches', 'all told after ms']
  const costs = ['CPU ms', '× chokidar 6', 'longest turn, CPU ms', 'longest turn ms']
  table([...head, ...costs], rows)
  return found
}
