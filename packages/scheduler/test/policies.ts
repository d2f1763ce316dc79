import {
  type Policy,
  attention,
  compose,
  fifo,
  lifo,
  priority,
  shortestFirst,
  topological,
} from '../src/policy.ts'

/** One of each kind, by the name that a printed history uses. */
export const policies: Readonly<Record<string, Policy>> = {
  fifo: fifo(),
  lifo: lifo(),
  priority: priority(),
  shortestFirst: shortestFirst(),
  topological: topological(),
  attention: attention(),
  composed: compose(priority(), shortestFirst(), lifo()),
  bySkips: (a, b) => b.skips - a.skips,
}
