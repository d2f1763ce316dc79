import type { SessionEvent } from '@singletrack/orchestrator'

/** One entry of the Trace Event Format of Chrome; times in microseconds. */
export interface TraceEntry {
  readonly name: string
  readonly ph: 'X' | 'i' | 'M'
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  readonly s?: 't'
  readonly args: Readonly<Record<string, unknown>>
}

/** What an event begins, and by that ends what went on for its target before; `null`: rest. */
const BEGINS: Partial<Record<SessionEvent['type'], string | null>> = {
  queued: 'queue',
  held: 'lock wait',
  'hold-ended': 'build',
  'build-started': 'build',
  'build-succeeded': null,
  'build-failed': null,
  'build-canceled': null,
  skipped: null,
  stopping: 'stop',
  stopped: null,
  starting: 'start',
  ready: 'ready',
  'not-ready': 'not ready',
  completed: null,
  crashed: null,
}

/** Builds and the run of a target overlap, so each has a row of its own. */
const OF_THE_BUILD: ReadonlySet<string> = new Set(['queue', 'lock wait', 'build'])

interface Open {
  readonly name: string
  readonly ts: number
  readonly event: SessionEvent
}

/** A row of boxes for the builds and one for the runs of each target; changes are marks on them. */
export function chromeTrace(events: readonly SessionEvent[]): readonly TraceEntry[] {
  const rows = new Map<string, number>()
  const open = new Map<number, Open>()
  const entries: TraceEntry[] = []
  const rowOf = (name: string): number => {
    const known = rows.get(name)
    if (known !== undefined) return known
    const tid = rows.size + 1
    rows.set(name, tid)
    entries.push({ name: 'thread_name', ph: 'M', pid: 1, tid, ts: 0, args: { name } })
    return tid
  }
  const close = (tid: number, ts: number): void => {
    const before = open.get(tid)
    if (before === undefined) return
    open.delete(tid)
    const { name, event } = before
    entries.push({
      name,
      ph: 'X',
      pid: 1,
      tid,
      ts: before.ts,
      dur: ts - before.ts,
      args: factsOf(event),
    })
  }
  for (const event of events) {
    if (!('target' in event) || event.target === undefined) continue
    const ts = Date.parse(event.time) * 1_000
    const begins = BEGINS[event.type]
    if (event.type === 'changed') {
      const tid = rowOf(`${event.target} builds`)
      entries.push({ name: 'change', ph: 'i', pid: 1, tid, ts, s: 't', args: factsOf(event) })
    }
    if (begins === undefined) continue
    const tid = rowOf(`${event.target} ${isOfTheBuild(event.type, begins) ? 'builds' : 'runs'}`)
    close(tid, ts)
    if (begins !== null) open.set(tid, { name: begins, ts, event })
  }
  const last = events.at(-1)
  for (const tid of open.keys()) close(tid, Date.parse(last?.time ?? '') * 1_000)
  return entries
}

const isOfTheBuild = (type: SessionEvent['type'], begins: string | null): boolean =>
  begins === null ? type.startsWith('build-') || type === 'skipped' : OF_THE_BUILD.has(begins)

function factsOf(event: SessionEvent): Readonly<Record<string, unknown>> {
  const { v: _v, time: _time, ...facts } = event
  return facts
}
