import { type TargetState, describeEnd, describeRevival } from '@singletrack/orchestrator/client'

import { formatDuration } from './format.ts'

/** The heading of {@link targetRow}'s columns. */
export const TARGET_COLUMNS: readonly string[] = ['TARGET', 'PHASE', 'PID', 'FOR', 'DETAIL']

/** One target in words: name, phase, pid, for how long, and what people need to know of it. */
export function targetRow(state: TargetState, now: number): readonly string[] {
  const since = sinceOf(state)
  return [
    state.name,
    state.phase,
    String(pidOf(state) ?? ''),
    since === null ? '' : formatDuration(Math.max(0, now - since)),
    detailsOf(state, now).join('; '),
  ]
}

/** The process that stands for the target now: its build while one runs, its run otherwise. */
export function pidOf({ build, run }: TargetState): number | null {
  if (build.kind === 'building') return build.pid
  switch (run.kind) {
    case 'starting':
    case 'ready':
    case 'not-ready':
    case 'stopping':
      return run.pid
    case 'none':
    case 'external':
    case 'stopped':
    case 'waiting':
    case 'port-in-use':
    case 'completed':
    case 'crashed':
      return null
  }
}

/** Epoch milliseconds at which it came to be what its phase says; `null` where nobody noted it. */
export function sinceOf({ build, run }: TargetState): number | null {
  if (build.kind === 'building' || build.kind === 'queued') return build.since
  if (build.kind === 'failed') return build.at
  switch (run.kind) {
    case 'starting':
    case 'ready':
    case 'stopping':
      return run.since
    case 'completed':
    case 'crashed':
      return run.at
    case 'waiting':
      return run.hold.since
    case 'none':
      return build.kind === 'succeeded' ? build.at : null
    case 'external':
    case 'stopped':
    case 'port-in-use':
    case 'not-ready':
      return null
  }
}

function detailsOf(state: TargetState, now: number): readonly string[] {
  const { build, run, link, suspended } = state
  return [
    ...(link === null ? [] : [link]),
    ...buildDetails(state),
    ...runDetails(state, now),
    ...(build.kind === 'failed' && run.kind === 'ready' ? ['the last good one serves'] : []),
    ...suspended.map(({ path, ignore }) => `${path} is suspended, ignore it with "${ignore}"`),
  ]
}

function buildDetails({ build }: TargetState): readonly string[] {
  switch (build.kind) {
    case 'queued':
      return build.hold === null ? [] : [build.hold.text]
    case 'building':
      return build.expectedMs === null ? [] : [`takes ${formatDuration(build.expectedMs)} or so`]
    case 'failed':
      return [build.headline.split('\n', 1)[0] ?? describeEnd(build.end)]
    case 'skipped':
      return [`${build.because} failed`]
    case 'canceled':
      return [`build canceled, ${build.reason}`]
    case 'none':
    case 'idle':
    case 'succeeded':
      return []
  }
}

function runDetails({ run, start, wanted }: TargetState, now: number): readonly string[] {
  switch (run.kind) {
    case 'waiting':
      return [run.hold.text]
    case 'port-in-use':
      return [`port ${run.port} is in use by ${run.holder}`]
    case 'not-ready':
      return [run.detail]
    case 'stopping':
      return [`${run.signal} sent`]
    case 'crashed':
      return [
        `${describeEnd(run.end)}, ${run.restartAt === null ? describeRevival(start) : `starts again in ${formatDuration(Math.max(0, run.restartAt - now))}`}`,
      ]
    case 'stopped':
      return wanted || start === 'eager'
        ? []
        : [`starts ${start === 'manual' ? 'when asked' : 'on its first invocation'}`]
    case 'none':
    case 'external':
    case 'starting':
    case 'ready':
    case 'completed':
      return []
  }
}
