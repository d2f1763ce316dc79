import {
  type SessionState,
  type TargetState,
  describeRevival,
} from '@singletrack/orchestrator/client'
import pico from 'picocolors'

import { formatDuration } from './format.ts'
import { type PhaseTone, phaseTone, tintOf } from './phase-tone.ts'

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
/** A longer name is cut to a third of the screen, but never below this. */
const MIN_NAME_COLUMNS = 8

/**
 * The status block as lines: one row a target, the loudest first when there is no room for all,
 * and a last line with the keys. Pure; an empty block means the screen is too small for one.
 */
export function statusBlock(state: SessionState, view: BlockView): readonly string[] {
  const room = Math.floor(view.rows * MAX_SHARE) - 2
  if (view.columns < MIN_COLUMNS || room < 1) return []
  const colors = pico.createColors(view.colors)
  const shown = [...state.targets].toSorted((a, b) => rank(a) - rank(b)).slice(0, room)
  const longest = Math.max(...state.targets.map(({ name }) => name.length), 1)
  const width = Math.min(longest, Math.max(MIN_NAME_COLUMNS, Math.floor(view.columns / 3)))
  const rows = state.targets
    .filter((target) => shown.includes(target))
    .map((target) => row(target, view, width, colors))
  const hidden = state.targets.filter((target) => !shown.includes(target))
  const areFine = hidden.every((target) => rank(target) === RANKS.ready)
  const more =
    hidden.length > 0
      ? [colors.dim(`  and ${hidden.length} more${areFine ? ' that are fine' : ''}`)]
      : []
  return [
    rule(state.targets, view, colors),
    ...rows,
    ...more,
    cut(footer(state, view.help), view.columns, colors.dim),
  ]
}

type Colors = ReturnType<typeof pico.createColors>
type Tint = (text: string) => string

function row(target: TargetState, view: BlockView, width: number, colors: Colors): string {
  const { mark, tint, text } = describe(target, view.now, colors)
  const name =
    target.name.length > width ? `${target.name.slice(0, width - 1)}…` : target.name.padEnd(width)
  const head = `${mark} ${name}  `
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
        text: `build failed${target.run.kind === 'ready' ? ', the old one serves' : ''}: ${build.headline.split('\n', 1)[0] ?? ''}`,
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

function describeRun({ run, phase, start }: TargetState, now: number, colors: Colors): Description {
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
          ? describeRevival(start)
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
const RANKS: Readonly<Record<PhaseTone, number>> = { failed: 0, busy: 1, ready: 2, idle: 2 }

const rank = ({ phase }: TargetState): number => RANKS[phaseTone(phase)]

/** The line above the block, with how many targets stand how. */
function rule(targets: readonly TargetState[], view: BlockView, colors: Colors): string {
  const columns = Math.min(view.columns - 1, RULE_COLUMNS)
  const counts = (['failed', 'busy', 'ready'] as const).flatMap((tone) => {
    const count = targets.filter(({ phase }) => phaseTone(phase) === tone).length
    return count === 0 ? [] : [{ tone, text: `${count} ${tone}` }]
  })
  const rest = columns - ['── ', ' ', counts.map(({ text }) => text).join(' · ')].join('').length
  if (counts.length === 0 || rest < 1) return colors.dim('─'.repeat(columns))
  const tinted = counts.map(({ tone, text }) => tintOf(tone, colors)(text))
  return `${colors.dim('──')} ${tinted.join(colors.dim(' · '))} ${colors.dim('─'.repeat(rest))}`
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
