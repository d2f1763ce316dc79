import { canonical } from './canonical.ts'
import { type Bounds, type Mutant, type State, initialState, isFinal, successors } from './model.ts'

/** What a walk through all states found. */
export interface Exploration {
  readonly states: number
  /** The first violation, with the number of steps to it. */
  readonly violation: { readonly what: string; readonly steps: number } | null
  /** States from which not even luck leads to the end. */
  readonly stuck: number
}

/** Visits every state breadth first, so that a violation comes with a shortest way to it. */
export function explore(bounds: Bounds, mutant: Mutant | null = null): Exploration {
  const indexes = new Map<string, number>()
  const parents: number[][] = []
  const finals: number[] = []
  let frontier: [number, State][] = []
  const visit = (state: State, parent: number | null, next: [number, State][]): void => {
    const text = JSON.stringify(mutant === null ? canonical(state) : state)
    let index = indexes.get(text)
    if (index === undefined) {
      index = indexes.size
      indexes.set(text, index)
      parents.push([])
      next.push([index, state])
      if (isFinal(state)) finals.push(index)
    }
    if (parent !== null) parents[index]?.push(parent)
  }
  visit(initialState(bounds), null, frontier)
  for (let steps = 0; frontier.length > 0; steps += 1) {
    const next: [number, State][] = []
    for (const [index, state] of frontier) {
      if (state.violation !== null) {
        return { states: indexes.size, violation: { what: state.violation, steps }, stuck: 0 }
      }
      for (const successor of successors(state, bounds, mutant)) visit(successor, index, next)
    }
    frontier = next
  }
  return {
    states: indexes.size,
    violation: null,
    stuck: parents.length - canReach(finals, parents),
  }
}

/** How many states have a way to one of the targets. */
function canReach(targets: readonly number[], parents: readonly (readonly number[])[]): number {
  const seen = new Set(targets)
  const open = [...targets]
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    for (const parent of parents[index] ?? []) {
      if (seen.has(parent)) continue
      seen.add(parent)
      open.push(parent)
    }
  }
  return seen.size
}
