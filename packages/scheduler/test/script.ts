import type { SchedulerEvent } from '../src/core/event.ts'
import type { Configuration } from '../src/core/state.ts'
import { policies } from './policies.ts'

/** The script that makes a history happen again. */
export function toScript(initial: Configuration, events: readonly SchedulerEvent[]): string {
  const lines = events.map((event) => `  ${toLiteral(event)},\n`)
  return `replay(${toLiteral(initial)}, [\n${lines.join('')}])`
}

/** What JSON can't say stands in quotes with an at sign in front, until the end. */
function toLiteral(value: unknown): string {
  const json = JSON.stringify(value, (_key, part: unknown) => {
    if (part === Infinity) return '@Infinity'
    if (typeof part !== 'function') return part
    const named = Object.entries(policies).find(([, policy]) => policy === part)
    return `@policies.${named?.[0]}`
  })
  return json.replaceAll(/"@(?<code>[\w.]+)"/g, '$<code>')
}
