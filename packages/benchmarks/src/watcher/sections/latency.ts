import type { Demands } from '../demands.ts'
import { type Latency, measureLatency } from '../measurements.ts'
import { print, table } from '../print.ts'
import { interleave, ratioOf, spreadOf } from '../spread.ts'
import type { SubjectName } from '../subject.ts'
import { LABELS, OURS } from '../subjects.ts'
import { makeTree } from '../trees.ts'

const p50 = (one: Latency): number => one.p50
const p99 = (one: Latency): number => one.p99
const cpu = (one: Latency): number => one.cpuMsPerEdit

/** From a single edit to the callback, and what that costs. */
export async function printLatency(
  subjects: readonly SubjectName[],
  rounds: number,
  demands: Demands,
): Promise<void> {
  using tree = makeTree(10_000)
  const raw = 'raw-chokidar 1'
  const measured = new Map<string, { readonly name: SubjectName; readonly targets: number }>()
  for (const name of subjects) measured.set(`${name} 1`, { name, targets: 1 })
  for (const name of OURS) measured.set(`${name} 50`, { name, targets: 50 })
  print('\n## From a write to the callback: 200 edits 50 ms apart\n')
  const found = await interleave([...measured], rounds, ([, { name, targets }]) =>
    measureLatency(name, tree, targets),
  )
  const by = new Map([...found].map(([[key], all]) => [key, all]))
  const rows = [...measured].map(([key, { name, targets }]) => {
    const own = by.get(key)
    return [
      LABELS[name],
      `${targets}`,
      spreadOf(own, p50).format(1),
      ratioOf(own, by.get(raw), p50).format(2),
      spreadOf(own, p99).format(1),
      ratioOf(own, by.get(raw), p99).format(2),
      spreadOf(own, cpu).format(2),
      ratioOf(own, by.get(raw), cpu).format(2),
      spreadOf(own, ({ missed }) => missed).format(),
    ]
  })
  const times = '× chokidar 6'
  const head = ['watcher', 'targets', 'p50 ms', times, 'p99 ms', times, 'CPU ms per edit', times]
  table([...head, 'missed'], rows)
  const beside = (key: string, peer: string): readonly [Found, Found] => [by.get(key), by.get(peer)]
  demands.times('chokidar, 50 targets: p50 beside chokidar 6', 1.5, beside('chokidar 50', raw), p50)
  demands.times('chokidar, 50 targets: p99 beside chokidar 6', 2, beside('chokidar 50', raw), p99)
  demands.times('inotify, 50 targets: p50 beside chokidar 6', 1, beside('inotify 50', raw), p50)
  demands.times('inotify, 50 targets: p99 beside chokidar 6', 1, beside('inotify 50', raw), p99)
  const parcel = beside('inotify 50', 'parcel 1')
  demands.times('inotify, 50 targets: p50 beside @parcel/watcher', 0.1, parcel, p50)
  demands.times('chokidar, CPU per edit beside chokidar 6', 1.3, beside('chokidar 1', raw), cpu)
  demands.times('inotify, CPU per edit beside chokidar 6', 0.6, beside('inotify 1', raw), cpu)
  demands.times(
    'inotify, CPU per edit beside @parcel/watcher',
    1.7,
    beside('inotify 1', 'parcel 1'),
    cpu,
  )
  if (!by.has('inotifywait 1')) return
  const pipe = beside('inotify 1', 'inotifywait 1')
  demands.times('inotify, p50 beside inotifywait and its pipe', 1.5, pipe, p50)
  demands.times('inotify, CPU per edit beside inotifywait and its pipe', 1.3, pipe, cpu)
}

type Found = readonly Latency[] | undefined
