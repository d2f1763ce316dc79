import { eventsIn, momentsOf, othersBuiltFor } from './session-events.ts'

export type PhaseName =
  | 'event'
  | 'debounce'
  | 'turn'
  | 'lock'
  | 'build'
  | 'swap'
  | 'stop'
  | 'spawn'
  | 'program'
  | 'probe'
  | 'answer'
  | 'boot'
  | 'tree'

/** How long each phase took, in ms, in the order in which they follow each other. */
export type Phases = ReadonlyMap<PhaseName, number>

/** A phase: its name, where it begins (the first of these that there is), and where it ends. */
type Step = readonly [name: PhaseName, from: readonly string[], to: string]

/** From a save until a function is ready. */
const SAVE: readonly Step[] = [
  ['event', ['saved'], 'noticed'],
  ['debounce', ['noticed'], 'changed'],
  ['turn', ['changed'], 'others-built'],
  ['lock', ['others-built', 'changed'], 'build-started'],
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

export interface SaveMoments {
  readonly savedAt: number
  /** When the function said itself that it listens. */
  readonly listeningAt?: number
  /** When a caller had an answer: who waits for one sees no difference between program and probe. */
  readonly answeredAt?: number
  /** Of several functions the one that is meant. */
  readonly target?: string
}

/** Reads the events that a session has printed since a save. `null` where it printed none. */
export function phasesOf(output: string, seen: SaveMoments): Phases | null {
  const events = eventsIn(output)
  const { savedAt, listeningAt, answeredAt, target } = seen
  const moments = momentsOf(events, target)
  const [changed, built] = [moments.get('changed'), moments.get('build-started')]
  if (changed === undefined) return null
  if (target !== undefined && built !== undefined) {
    const others = othersBuiltFor(events, target, { from: changed, to: built })
    if (others > 0) moments.set('others-built', changed + others)
  }
  moments.set('saved', savedAt)
  if (answeredAt !== undefined) moments.set('answered', answeredAt)
  const listening = answeredAt === undefined ? listeningAt : (moments.get('ready') ?? answeredAt)
  if (listening !== undefined) moments.set('listening', listening)
  return between(moments, SAVE)
}

/** Reads the events that a session has printed since its start. `null` where it printed none. */
export function startPhasesOf(
  output: string,
  seen: { readonly spawnedAt: number; readonly listeningAt: number },
): Phases | null {
  const moments = momentsOf(eventsIn(output), undefined)
  if (!moments.has('session-started')) return null
  moments.set('spawned', seen.spawnedAt)
  moments.set('listening', seen.listeningAt)
  return between(moments, START)
}

function between(moments: ReadonlyMap<string, number>, steps: readonly Step[]): Phases {
  const phases = new Map<PhaseName, number>()
  for (const [name, candidates, to] of steps) {
    const from = candidates.map((one) => moments.get(one)).find((at) => at !== undefined)
    const until = moments.get(to)
    if (from !== undefined && until !== undefined) phases.set(name, until - from)
  }
  return phases
}
