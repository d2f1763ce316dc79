import type { SessionState, TargetState } from '@singletrack/orchestrator'
import pico from 'picocolors'

import { formatDuration } from './format.ts'

/** What the status block shows beside the session's state. */
export interface BlockView {
  readonly now: number
  readonly columns: number
  readonly rows: number
  readonly colors: boolean
  readonly help: boolean
}

/** The block never takes more than this share of the screen; the rest belongs to the logs. */
const MAX_SHARE = 0.5
/** Below this many columns a block only gets in the way. */
const MIN_COLUMNS = 30
/** Short, so that a window that is made narrower does not wrap it. */
const RULE_COLUMNS = 40

/**
 * The status block as lines: one row a target, the loudest first when there is no room for all,
 * and a last line with the keys. Pure; an empty block means the screen is too small for one.
 */
export function statusBlock(state: SessionState, view: BlockView): readonly string[] {
  const room = Math.floor(view.rows * MAX_SHARE) - 2
  if (view.columns < MIN_COLUMNS || room < 1) return []
  const colors = pico.createColors(view.colors)
  const shown = [...state.targets].toSorted((a, b) => rank(a) - rank(b)).slice(0, room)
  const width = Math.max(...state.targets.map(({ name }) => name.length), 1)
  const rows = state.targets
    .filter((target) => shown.includes(target))
    .map((target) => row(target, view, width, colors))
  const hidden = state.targets.length - rows.length
  const rule = colors.dim('─'.repeat(Math.min(view.columns - 1, RULE_COLUMNS)))
  const more = hidden > 0 ? [colors.dim(`  and ${hidden} more that are fine`)] : []
  return [rule, ...rows, ...more, cut(footer(state, view.help), view.columns, colors.dim)]
}

type Colors = ReturnType<typeof pico.createColors>
type Tint = (text: string) => string

function row(target: TargetState, view: BlockView, width: number, colors: Colors): string {
  const { mark, tint, text } = describe(target, view.now, colors)
  const head = `${mark} ${target.name.padEnd(width)}  `
  return `${tint(head)}${cut(text, view.columns - head.length, (words) => words)}`
}

interface Description {
  readonly mark: string
  readonly tint: Tint
  readonly text: string
}

function describe(target: TargetState, now: number, colors: Colors): Description {
  const { build } = target
  switch (build.kind) {
    case 'queued':
      return { mark: '◌', tint: colors.yellow, text: held(build.hold, 'queued', now) }
    case 'building': {
      const expected =
        build.expectedMs === null ? '' : ` of about ${formatDuration(build.expectedMs)}`
      return {
        mark: '◐',
        tint: colors.yellow,
        text: `building ${formatDuration(now - build.since)}${expected}`,
      }
    }
    case 'failed':
      return {
        mark: '✖',
        tint: colors.red,
        text: `build failed: ${build.headline.split('\n', 1)[0] ?? ''}`,
      }
    case 'skipped':
      return { mark: '↷', tint: colors.red, text: `skipped, ${build.because} failed` }
    case 'none':
    case 'idle':
    case 'succeeded':
    case 'canceled':
      return describeRun(target, now, colors)
  }
}

function describeRun({ run, phase }: TargetState, now: number, colors: Colors): Description {
  switch (run.kind) {
    case 'ready':
      return {
        mark: '●',
        tint: colors.green,
        text: `ready${run.link === null ? '' : `  ${run.link}`}`,
      }
    case 'starting':
      return { mark: '◐', tint: colors.yellow, text: `starting ${formatDuration(now - run.since)}` }
    case 'stopping':
      return {
        mark: '◐',
        tint: colors.yellow,
        text: `stopping, ${formatDuration(Math.max(0, run.deadline - now))} to go`,
      }
    case 'waiting':
      return { mark: '◌', tint: colors.yellow, text: held(run.hold, 'waiting', now) }
    case 'not-ready':
      return { mark: '✖', tint: colors.red, text: `not ready: ${run.detail}` }
    case 'port-in-use':
      return { mark: '✖', tint: colors.red, text: `port ${run.port} is in use by ${run.holder}` }
    case 'crashed': {
      const next =
        run.restartAt === null
          ? 'waits for a change'
          : `restarts in ${formatDuration(Math.max(0, run.restartAt - now))}`
      return { mark: '✖', tint: colors.red, text: `crashed, ${next}` }
    }
    case 'completed':
      return { mark: '●', tint: colors.green, text: 'completed' }
    case 'none':
      if (phase === 'built') return { mark: '●', tint: colors.green, text: 'built' }
      return { mark: '○', tint: colors.dim, text: phase }
    case 'stopped':
    case 'external':
      return { mark: '○', tint: colors.dim, text: phase }
  }
}

function held(
  hold: { readonly text: string; readonly since: number } | null,
  word: string,
  now: number,
): string {
  return hold === null ? word : `${hold.text} (${formatDuration(now - hold.since)})`
}

/** What needs a person comes first, then what is on its way, then what is fine. */
function rank(target: TargetState): number {
  switch (target.phase) {
    case 'build-failed':
    case 'crashed':
    case 'port-in-use':
    case 'not-ready':
    case 'skipped':
      return 0
    case 'building':
    case 'queued':
    case 'starting':
    case 'stopping':
    case 'waiting':
      return 1
    case 'ready':
    case 'built':
    case 'completed':
    case 'external':
    case 'idle':
    case 'stopped':
      return 2
  }
}

function footer(state: SessionState, help: boolean): string {
  if (help) return 'r restart all   p pause or resume builds   q quit   ? less'
  return state.paused
    ? 'builds are paused: p resumes   q quit   ? help'
    : 'r restart   p pause   q quit   ? help'
}

/** Words that do not fit are cut before they are tinted, so that no line wraps. */
function cut(text: string, columns: number, tint: Tint): string {
  const room = Math.max(1, columns - 1)
  return tint(text.length > room ? `${text.slice(0, room - 1)}…` : text)
}
