import type { Name, State, Step } from './model.ts'

/**
 * The same state with everything forgotten that no later step can read: outcomes of tenures nobody
 * refers to, and how many tenures there were before the first one somebody refers to. Without this
 * the walk is the same and visits each situation once per history.
 */
export function canonical(state: State): State {
  const gens = new Set<number>()
  if (state.baton !== null) gens.add(state.baton.gen)
  for (const { step } of state.actors) for (const gen of gensOf(step)) gens.add(gen)
  const first = Math.min(...gens)
  const keep = <T>(records: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(
      Object.entries(records)
        .filter(([gen]) => gens.has(Number(gen)))
        .map(([gen, value]): [string, T] => [String(Number(gen) - first), value])
        .toSorted(([a], [b]) => Number(a) - Number(b)),
    )
  return {
    ...state,
    baton: state.baton === null ? null : shiftName(state.baton, first),
    done: keep(state.done),
    truth: keep(state.truth),
    actors: state.actors.map((actor) => ({ ...actor, step: shiftStep(actor.step, first) })),
  }
}

function gensOf(step: Step): number[] {
  switch (step.at) {
    case 'idle':
    case 'creating':
    case 'finished':
      return []
    case 'renaming':
      return step.from === null ? [] : [step.from.gen]
    case 'joined':
      return [step.name.gen]
    case 'recording':
      return [step.dead, step.gen]
    case 'building':
    case 'publishing':
    case 'releasing':
      return [step.gen]
  }
}

function shiftStep(step: Step, by: number): Step {
  switch (step.at) {
    case 'idle':
    case 'creating':
    case 'finished':
      return step
    case 'renaming':
      return step.from === null ? step : { ...step, from: shiftName(step.from, by) }
    case 'joined':
      return { ...step, name: shiftName(step.name, by) }
    case 'recording':
      return { ...step, dead: step.dead - by, gen: step.gen - by }
    case 'building':
    case 'publishing':
    case 'releasing':
      return { ...step, gen: step.gen - by }
  }
}

function shiftName(name: Name, by: number): Name {
  return { ...name, gen: name.gen - by }
}
