import { type SessionEvent, describeEnd } from '@singletrack/orchestrator'

import { formatDuration } from './elapsed.ts'
import { invocationText } from './invocations.ts'

/** One link of a chain of causes in words; `null` for an event that explains nothing. */
export function eventText(event: SessionEvent): string | null {
  switch (event.type) {
    case 'changed':
      return `changed: ${paths(event.paths)}`
    case 'queued':
      return `queued, ${event.because}`
    case 'held':
      return event.hold.text
    case 'hold-ended':
      return `went on after waiting ${formatDuration(event.waitedMs)}`
    case 'invoked':
      return `invoked, ${invocationText(event)}`
    case 'build-started':
      return `built with ${event.command}`
    case 'build-succeeded':
      return `built in ${formatDuration(event.durationMs)}${event.outputsChanged ? '' : ', outputs unchanged'}`
    case 'build-failed':
      return `build failed: ${event.headline.split('\n', 1)[0] ?? ''}`
    case 'build-canceled':
      return `build canceled, ${event.reason}`
    case 'skipped':
      return `skipped, ${event.because} failed`
    case 'unchanged':
      return event.text
    case 'starting':
      return `started (pid ${event.pid})`
    case 'ready':
      return `ready after ${formatDuration(event.afterMs)}`
    case 'not-ready':
      return `not ready: ${event.detail}`
    case 'stopping':
      return `stopping (${event.signal})`
    case 'stopped':
      return `stopped${event.forced ? ' by force' : ''}`
    case 'completed':
      return 'completed'
    case 'crashed':
      return `crashed (${describeEnd(event.end)})`
    case 'spawn-failed':
    case 'warning':
      return event.message
    case 'port-in-use':
      return `port ${event.port} is in use by ${event.holder}`
    case 'loop':
      return `builds write ${event.path}, which triggers them`
    case 'configuration-changed':
      return `configuration changed: ${event.summary}`
    case 'session-started':
    case 'watching':
    case 'output':
    case 'configuration-invalid':
    case 'listening':
    case 'inspector':
    case 'paused':
    case 'resumed':
    case 'settled':
    case 'session-suspended':
    case 'session-resumed':
    case 'session-ending':
    case 'session-ended':
      return null
    default:
      // A newer session of the same protocol may tell of more than this client knows.
      return null
  }
}

function paths(all: readonly string[]): string {
  const named = all.slice(0, 2).join(', ')
  return all.length > 2 ? `${named} and ${all.length - 2} more` : named
}
