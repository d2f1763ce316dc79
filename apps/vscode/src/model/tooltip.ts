import { type SessionEvent, type TargetState, causeChain } from '@singletrack/orchestrator'

import { formatDuration } from './elapsed.ts'
import { eventText } from './event-text.ts'
import { innerHold } from './inner-hold.ts'
import { invocationLines } from './invocations.ts'

/** Longer chains repeat themselves; the first cause and the last effects matter. */
const MAX_CAUSES = 6

/** The lines of a target's tooltip: its facts, and why it did last what it did. */
export function tooltipLines(
  target: TargetState,
  history: readonly SessionEvent[],
): readonly string[] {
  return [
    target.name,
    ...facts(target, history),
    ...invocationLines(target, history),
    ...causes(target, history),
  ]
}

function facts(target: TargetState, history: readonly SessionEvent[]): readonly string[] {
  const { build, run, generation, builtGeneration } = target
  const lines: string[] = []
  if (build.kind === 'succeeded') lines.push(`Built in ${formatDuration(build.durationMs)}`)
  if (build.kind === 'failed') lines.push(build.headline)
  const hold = innerHold(target, history)
  if (hold !== null) lines.push(hold.text)
  if (builtGeneration < generation && build.kind !== 'none') {
    lines.push(`${generation - builtGeneration} changes behind`)
  }
  if (run.kind === 'ready')
    lines.push(`Running as pid ${run.pid}${run.link === null ? '' : ` at ${run.link}`}`)
  return lines
}

function causes({ name, cause }: TargetState, history: readonly SessionEvent[]): readonly string[] {
  const last = history.findLast((event) => 'target' in event && event.target === name)
  const id = cause ?? last?.id
  if (id === undefined) return []
  const texts = causeChain(history, id).flatMap((event) => {
    const text = eventText(event)
    if (text === null) return []
    return ['target' in event && event.target !== name ? `${event.target}: ${text}` : text]
  })
  if (texts.length === 0) return []
  const shown =
    texts.length > MAX_CAUSES ? [texts[0] ?? '', '…', ...texts.slice(1 - MAX_CAUSES)] : texts
  return ['Because', ...shown.map((text) => `• ${text}`)]
}
