/** How long each step between a save and a ready function took, in ms. */
export type Phases = ReadonlyMap<PhaseName, number>

export const phaseNames = [
  'saved → changed',
  'changed → build started',
  'build started → built',
  'built → stopping',
  'changed → stopping',
  'stopping → stopped',
  'stopped → starting',
  'starting → it listens',
  'it listens → told as ready',
] as const

export type PhaseName = (typeof phaseNames)[number]

/** Reads the events that a session has printed since a save. `null` where it printed none. */
export function phasesOf(output: string, savedAt: number, listeningAt: number): Phases | null {
  const times = new Map<string, number>()
  for (const line of output.split('\n')) {
    const event = parse(line)
    if (event !== null && !times.has(event.type)) times.set(event.type, event.at)
  }
  if (!times.has('changed')) return null
  const phases = new Map<PhaseName, number>()
  const add = (name: PhaseName, from: number | undefined, to: number | undefined): void => {
    if (from !== undefined && to !== undefined) phases.set(name, to - from)
  }
  const at = (type: string): number | undefined => times.get(type)
  add('saved → changed', savedAt, at('changed'))
  add('changed → build started', at('changed'), at('build-started'))
  add('build started → built', at('build-started'), at('build-succeeded'))
  add('built → stopping', at('build-succeeded'), at('stopping'))
  if (!times.has('build-started')) add('changed → stopping', at('changed'), at('stopping'))
  add('stopping → stopped', at('stopping'), at('stopped'))
  add('stopped → starting', at('stopped'), at('starting'))
  add('starting → it listens', at('starting'), listeningAt)
  add('it listens → told as ready', listeningAt, at('ready'))
  return phases
}

function parse(line: string): { readonly type: string; readonly at: number } | null {
  if (!line.startsWith('{')) return null
  try {
    const event: unknown = JSON.parse(line)
    if (typeof event !== 'object' || event === null) return null
    if (!('type' in event) || !('time' in event)) return null
    return { type: String(event.type), at: Date.parse(String(event.time)) }
  } catch {
    return null
  }
}
