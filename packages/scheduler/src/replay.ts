import type { Effect } from './core/effect.ts'
import type { SchedulerEvent } from './core/event.ts'
import { reduce } from './core/reduce.ts'
import { createState } from './core/state.ts'
import { type SchedulerOptions, toConfiguration } from './scheduler-options.ts'

/**
 * The decisions that a scheduler with these options made of these events, without running anything.
 * What was recorded with `record` can be replayed as it is, or from JSON: functions, values and
 * errors decide nothing. Only a policy given to `configure` has to be put back in its place.
 */
export function replay(
  options: Pick<
    SchedulerOptions,
    'concurrency' | 'resources' | 'policy' | 'maxSkips' | 'durations'
  >,
  events: Iterable<SchedulerEvent>,
): readonly Effect[] {
  const state = createState(toConfiguration(options), Object.entries(options.durations ?? {}))
  return [...events].flatMap((event) => reduce(state, event))
}
