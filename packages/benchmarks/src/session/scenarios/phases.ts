import type { Profile } from '../demands.ts'
import { type Cell, type Section, figure } from '../report.ts'
import { spreadOf } from '../statistics.ts'

/** When something happened that a session has told of, or the benchmark has seen, in ms. */
type Moments = ReadonlyMap<string, number>

/** How long each step took, in ms, by its name. */
export type Phases = ReadonlyMap<string, number>

/** A step: its name, where it begins (the first of these that there is), and where it ends. */
type Step = readonly [name: string, from: readonly string[], to: string]

/** From a save until a function is ready. */
const SAVE: readonly Step[] = [
  ['event', ['saved'], 'noticed'],
  ['debounce', ['noticed'], 'changed'],
  ['lock', ['changed'], 'build-started'],
  ['build', ['build-started'], 'build-succeeded'],
  ['swap', ['build-succeeded', 'changed'], 'stopping'],
  ['stop', ['stopping'], 'stopped'],
  ['spawn', ['stopped', 'build-succeeded'], 'starting'],
  ['program', ['starting'], 'listening'],
  ['probe', ['listening'], 'ready'],
  ['answer', ['ready'], 'answered'],
]

/** From the start of a session until its function is ready. */
const START: readonly Step[] = [
  ['boot', ['spawned'], 'session-started'],
  ['tree', ['session-started'], 'watching'],
  ['spawn', ['watching'], 'starting'],
  ['program', ['starting'], 'listening'],
  ['probe', ['listening'], 'ready'],
]

/** What a table says of each step. */
const MEANINGS: Readonly<Record<string, string>> = {
  event: 'the save → its first event',
  debounce: 'the first event → told as a change',
  lock: 'told → its build has its turn and runs',
  build: 'the build itself',
  swap: 'decided (outputs compared) → the old run is asked to stop',
  stop: 'asked to stop → gone, with its group',
  spawn: 'gone → its port is free and the new process is there',
  program: 'the process is there → it listens',
  probe: 'it listens → seen as ready',
  answer: 'ready → the caller has its answer',
  boot: 'the command is started → it has read its configuration',
  tree: 'configuration read → all is watched',
}

export interface SaveMoments {
  readonly savedAt: number
  /** When the function said itself that it listens, or when a caller had its answer. */
  readonly listeningAt?: number
  readonly answeredAt?: number
  /** Of several functions the one that is meant. */
  readonly target?: string
}

/** Reads the events that a session has printed since a save. `null` where it printed none. */
export function phasesOf(output: string, seen: SaveMoments): Phases | null {
  const moments = momentsIn(output, seen.target)
  if (!moments.has('changed')) return null
  moments.set('saved', seen.savedAt)
  if (seen.listeningAt !== undefined) moments.set('listening', seen.listeningAt)
  if (seen.answeredAt !== undefined) {
    // Who waits for an answer sees no difference between a program and its probe.
    moments.set('listening', moments.get('ready') ?? seen.answeredAt)
    moments.set('answered', seen.answeredAt)
  }
  return between(moments, SAVE)
}

/** Reads the events that a session has printed since its start. `null` where it printed none. */
export function startPhasesOf(
  output: string,
  seen: { readonly spawnedAt: number; readonly listeningAt: number },
): Phases | null {
  const moments = momentsIn(output)
  if (!moments.has('session-started')) return null
  moments.set('spawned', seen.spawnedAt)
  moments.set('listening', seen.listeningAt)
  return between(moments, START)
}

/** The median of each step, in the order in which they are taken. */
export function profileOf(all: readonly (Phases | null)[]): Profile {
  return stepsIn(all).map(([name, values]) => [name, spreadOf(values).median])
}

/** The table that says where the time goes; none where no session told anything. */
export function phasesSection(
  scenario: string,
  title: string,
  all: readonly (Phases | null)[],
): readonly Section[] {
  const steps = stepsIn(all)
  if (steps.length === 0) return []
  return [
    {
      scenario,
      title: `${title}: where singletrack's time goes`,
      columns: ['phase', 'ms'],
      rows: steps.map(([name, values]): [string, ...Cell[]] => [
        `${name}: ${MEANINGS[name] ?? ''}`,
        figure(spreadOf(values)),
      ]),
      notes: ['By the clock of its events, in whole milliseconds.'],
      demands: [],
    },
  ]
}

function stepsIn(
  all: readonly (Phases | null)[],
): readonly (readonly [name: string, values: readonly number[]])[] {
  // A round that skipped a step has the others in their order all the same.
  const longest = all.toSorted((one, other) => (other?.size ?? 0) - (one?.size ?? 0))
  const names = [...new Set(longest.flatMap((phases) => [...(phases?.keys() ?? [])]))]
  return names.flatMap((name) => {
    const values = all.flatMap((phases) => phases?.get(name) ?? [])
    return values.length === 0 ? [] : [[name, values] as const]
  })
}

function between(moments: Moments, steps: readonly Step[]): Phases {
  const phases = new Map<string, number>()
  for (const [name, candidates, to] of steps) {
    const from = candidates.map((one) => moments.get(one)).find((at) => at !== undefined)
    const until = moments.get(to)
    if (from !== undefined && until !== undefined) phases.set(name, until - from)
  }
  return phases
}

/** The first of each kind of event, of one target where several are told of. */
function momentsIn(output: string, target?: string): Map<string, number> {
  const moments = new Map<string, number>()
  for (const line of output.split('\n')) {
    const event = parse(line)
    if (event === null || moments.has(event.type)) continue
    if (target !== undefined && event.target !== undefined && event.target !== target) continue
    moments.set(event.type, event.at)
    if (event.collectedMs !== undefined) moments.set('noticed', event.at - event.collectedMs)
  }
  return moments
}

interface ParsedEvent {
  readonly type: string
  readonly at: number
  readonly target: string | undefined
  readonly collectedMs: number | undefined
}

/** `null` for whatever is no event: other tools print what they like, and a line may be torn. */
function parse(line: string): ParsedEvent | null {
  if (!line.startsWith('{')) return null
  try {
    const event: unknown = JSON.parse(line)
    if (typeof event !== 'object' || event === null) return null
    if (!('type' in event) || !('time' in event)) return null
    return {
      type: String(event.type),
      at: Date.parse(String(event.time)),
      target: 'target' in event ? String(event.target) : undefined,
      collectedMs:
        'collectedMs' in event && typeof event.collectedMs === 'number'
          ? event.collectedMs
          : undefined,
    }
  } catch {
    return null
  }
}
