import { expect, test } from 'vitest'

import { defaultConfiguration } from '../src/core/state.ts'
import { World } from './world.ts'

const sets = [[], ['x'], ['y'], ['x', 'y']] as const
const ids = ['a', 'b', 'c'] as const

/** What happens next: the submit of a task, or the end of the oldest, middle or youngest run. */
type Move = { readonly submit: number } | { readonly end: number }

function demandsOf(set: number): { resource: string; amount: number }[] {
  return (sets[set] ?? []).map((resource) => ({ resource, amount: 1 }))
}

/** Plays the moves, and returns those that are possible then. */
function play(uses: readonly number[], edges: readonly number[], moves: readonly Move[]): Move[] {
  const world = new World({ ...defaultConfiguration, resources: { x: 1, y: 1 }, maxSkips: 1 })
  for (const move of moves) {
    if ('end' in move) world.end([...world.runs.keys()][move.end] ?? 0, 'succeeded')
    else {
      const dependency = ids[edges[move.submit] ?? -1]
      world.submit({
        id: ids[move.submit] ?? 'a',
        demands: demandsOf(uses[move.submit] ?? 0),
        dependsOn: dependency === undefined ? [] : [dependency],
        priority: 0,
        attention: 0,
        onBusy: 'queue',
        acquires: false,
        joint: undefined,
        timeoutMs: undefined,
      })
    }
    world.apply({ kind: 'admit' })
  }
  const possible: Move[] = [...world.runs.keys()].map((_, end) => ({ end }))
  const submitted = moves.filter((move) => 'submit' in move).map(({ submit }) => submit)
  for (const [submit] of ids.entries()) if (!submitted.includes(submit)) possible.push({ submit })
  if (possible.length === 0) world.drain()
  return possible
}

function countInterleavings(
  uses: readonly number[],
  edges: readonly number[],
  moves: Move[],
): number {
  const possible = play(uses, edges, moves)
  if (possible.length === 0) return 1
  let count = 0
  for (const move of possible) count += countInterleavings(uses, edges, [...moves, move])
  return count
}

// All of them, however busy the machine is.
test(
  'all interleavings of three tasks over two resources keep every rule',
  { timeout: 600_000 },
  () => {
    let count = 0
    for (let choice = 0; choice < sets.length ** 3; choice++) {
      const uses = [choice % 4, Math.floor(choice / 4) % 4, Math.floor(choice / 16)]
      // No dependencies, one, a chain, two on one.
      for (const edges of [[], [-1, 0], [-1, 0, 1], [-1, 0, 0]]) {
        count += countInterleavings(uses, edges, [])
      }
    }
    // Ninety orders of three submits and three ends, if nothing is in the way of anything.
    expect(count).toBeGreaterThan(5000)
    expect(countInterleavings([0, 0, 0], [], [])).toBe(90)
  },
)
