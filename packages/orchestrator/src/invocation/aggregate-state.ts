import type { RunState } from '../state/index.ts'

/** What says most about a function with several processes, best first. */
const ORDER: readonly RunState['kind'][] = [
  'ready',
  'starting',
  'port-in-use',
  'waiting',
  'not-ready',
  'stopping',
]

/** The one state that stands for all processes of a function; `rest` when there is none. */
export function aggregateState(states: Iterable<RunState>, rest: RunState): RunState {
  const present = [...states]
  for (const kind of ORDER) {
    const found = present.find((state) => state.kind === kind)
    if (found !== undefined) return found
  }
  return rest
}
