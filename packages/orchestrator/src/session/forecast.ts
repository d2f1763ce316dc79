import { type Clock, createScheduler } from '@singletrack/scheduler'

import { type BuildTarget, jointKey } from '../build/index.ts'
import type { Workspace } from '../configuration/index.ts'
import { MAX_JOINT, schedulerOptions } from './scheduler-options.ts'

/** A build that would be made. */
export interface ExpectedBuild {
  readonly target: BuildTarget
  /** Builds among these that go before. */
  readonly waitsFor: readonly string[]
  /** What it took last time, in milliseconds; `null` when nobody knows. */
  readonly expectedMs: number | null
}

/** When a build would begin and end, in milliseconds from now; `null` when nobody knows. */
export interface ForecastTimes {
  readonly startMs: number | null
  readonly endMs: number | null
}

/**
 * The order in which these builds would be made, and when, if nothing else were under way: what the
 * session's own scheduler plans for them, of which this asks a second one that begins nothing.
 */
export function forecast(
  workspace: Workspace,
  builds: readonly ExpectedBuild[],
): ReadonlyMap<string, ForecastTimes> {
  const durations = Object.fromEntries(
    builds.flatMap(({ target, expectedMs }) =>
      expectedMs === null ? [] : [[target.name, expectedMs]],
    ),
  )
  const scheduler = createScheduler({ ...schedulerOptions(workspace), durations, clock: STILL })
  scheduler.pause()
  for (const { target, waitsFor } of builds) {
    const key = jointKey(target)
    scheduler.submit({
      id: target.name,
      uses: target.build.uses,
      dependsOn: waitsFor,
      priority: target.priority,
      ...(key === null ? {} : { joint: { key, max: MAX_JOINT } }),
      run: () => undefined,
    })
  }
  const times = new Map(
    scheduler.plan().map(({ id, startsAt, endsAt, known }) => [
      id,
      {
        startMs: known === 'nothing' ? null : startsAt,
        endMs: known === 'all' ? endsAt : null,
      },
    ]),
  )
  void scheduler.close()
  return times
}

/** It is now, and nothing is ever due. */
const STILL: Clock = { now: () => 0, setTimer: () => () => undefined }
