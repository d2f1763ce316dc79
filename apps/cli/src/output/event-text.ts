import { type SessionEvent, describeEnd } from '@singletrack/orchestrator/client'

import { count, formatDuration, formatPaths } from './format.ts'

/** How loud a line is: what failed, what worked, what merely happened. */
export type Tone = 'good' | 'bad' | 'notice' | 'quiet'

/** One event in words: whom it is about, what happened, and lines that explain it. */
export interface EventText {
  readonly subject: string | null
  readonly tone: Tone
  readonly text: string
  readonly details: readonly string[]
}

const SESSION = null

/** The words for an event; `null` for one that people need not see as a line of its own. */
export function eventText(event: SessionEvent): EventText | null {
  const of = (tone: Tone, text: string, details: readonly string[] = []): EventText => ({
    subject: 'target' in event && event.target !== undefined ? event.target : SESSION,
    tone,
    text,
    details,
  })
  switch (event.type) {
    case 'session-started':
      return of(
        'notice',
        `singletrack ${event.version} in ${event.root}, ${count(event.targets.length, 'target')}`,
      )
    case 'watching':
      return of(
        'quiet',
        `watching ${event.directories === 1 ? '1 directory' : `${event.directories} directories`} (${event.backend}, ${formatDuration(event.ms)})`,
      )
    case 'changed':
      return of('notice', `changed: ${formatPaths(event.paths)}`)
    case 'queued':
      return of('quiet', `queued, ${event.because}`)
    case 'held':
      return of('quiet', event.hold.text)
    case 'hold-ended':
      return of('quiet', `goes on after waiting ${formatDuration(event.waitedMs)}`)
    case 'paused':
      return of('notice', 'builds are paused')
    case 'resumed':
      return of('notice', 'builds go on')
    case 'build-started':
      return of(
        'notice',
        event.members.length > 1
          ? `building with ${formatPaths(
              event.members.filter((name) => name !== event.target),
              3,
            )}: ${event.command}`
          : `building: ${event.command}`,
      )
    case 'build-succeeded':
      return of(
        'good',
        `built in ${formatDuration(event.durationMs)}${event.outputsChanged ? '' : ', outputs unchanged'}`,
        event.warnings.slice(0, 3).map((warning) => `warning: ${warning.message}`),
      )
    case 'build-failed':
      return of(
        'bad',
        `build failed after ${formatDuration(event.durationMs)} (${describeEnd(event.end)})${event.serving ? '; the last good one goes on serving' : ''}`,
        event.headline.split('\n'),
      )
    case 'build-canceled':
      return of('quiet', `build canceled, ${event.reason}`)
    case 'skipped':
      return of('quiet', `skipped, ${event.because} failed`)
    case 'unchanged':
      return of('quiet', event.text)
    case 'starting':
      return of('quiet', `starting: ${event.command} (pid ${event.pid})`)
    case 'ready':
      return of(
        'good',
        event.initMs === undefined
          ? `ready${event.link === null ? '' : ` at ${event.link}`} after ${formatDuration(event.afterMs)}`
          : `ready${event.link === null ? '' : ` at ${event.link}`}, initialized in ${formatDuration(event.initMs)}`,
      )
    case 'not-ready':
      return of('bad', `not ready: ${event.detail}`)
    case 'stopping':
      return of('quiet', `stopping (${event.signal}, ${formatDuration(event.graceMs)} to go)`)
    case 'stopped':
      return of(
        'quiet',
        `stopped${event.forced ? ' by force' : ''} (${describeEnd(event.end)})${leftovers(event.leftovers)}`,
      )
    case 'completed':
      return of('good', 'completed (exit code 0)')
    case 'crashed':
      return of(
        'bad',
        `crashed (${describeEnd(event.end)}), ${event.restartInMs === null ? (event.restartsOn === 'invocation' ? 'starts again when it is invoked' : 'waits for a change') : `restarts in ${formatDuration(event.restartInMs)} (${event.restarts})`}${leftovers(event.leftovers)}`,
      )
    case 'spawn-failed':
      return of('bad', event.message)
    case 'port-in-use':
      return of(
        'bad',
        `port ${event.port} is in use by ${event.holder}; it starts when the port is free`,
      )
    case 'listening':
      return of('notice', `functions are invoked at ${event.url}`)
    case 'inspector':
      return of('notice', `debugger at ${event.address}`)
    case 'invoked':
      return of(
        event.result === 'ok' ? 'quiet' : 'bad',
        event.durationMs === null
          ? `invocation ${event.result}${failure(event)}`
          : `invoked, ${event.result} in ${formatDuration(event.durationMs)}${failure(event)}`,
      )
    case 'loop':
      return of(
        'bad',
        `builds of ${event.target} change ${event.path}, which it watches; suspended that path`,
        [`add to "ignore" in singletrack.jsonc: "${event.ignore}"`],
      )
    case 'configuration-changed':
      return of('notice', `configuration changed: ${event.summary}`)
    case 'configuration-invalid':
      return of(
        'bad',
        'the configuration is broken; the last good one stays in use',
        event.problems,
      )
    case 'warning':
      return of('bad', event.message)
    case 'session-suspended':
      return of('notice', suspension(event))
    case 'session-resumed':
      return of('notice', 'goes on')
    case 'session-ending':
      return of('notice', `ending: ${event.reason}`)
    case 'session-ended':
      return of(
        event.left.length === 0 ? 'good' : 'bad',
        endLine(event.stopped, event.forced, event.left),
      )
    case 'settled':
      return of('quiet', 'waits for changes')
    case 'output':
      return null
  }
}

/** The last line of a session: `7 stopped, 2 by force, 0 left`. */
export function endLine(stopped: number, forced: number, left: readonly number[]): string {
  return `${stopped} stopped, ${forced} by force, ${left.length} left${left.length === 0 ? '' : ` (pid ${left.join(', ')})`}`
}

/** Who waits for one of these locks waits until the session goes on. */
const suspension = ({
  groups,
  locks,
}: Extract<SessionEvent, { readonly type: 'session-suspended' }>): string => {
  const held = locks.map(({ lock, purpose }) => `${lock} (${purpose})`).join(', ')
  return `suspended, and ${count(groups, 'process group')} with it; still held: ${locks.length === 1 ? 'the lock' : 'the locks'} ${held}; "fg" goes on, and so does "kill -CONT"`
}

const failure = ({
  errorType,
  errorMessage,
}: Extract<SessionEvent, { readonly type: 'invoked' }>): string =>
  errorType === null ? '' : `: ${errorType}: ${errorMessage ?? ''}`

const leftovers = (pids: readonly number[]): string =>
  pids.length === 0 ? '' : `; could not be ended: pid ${pids.join(', ')}`
