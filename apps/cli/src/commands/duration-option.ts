import { parseDuration } from '@singletrack/orchestrator/client'

import { Failure } from '../failure.ts'

/**
 * Milliseconds of an option such as `--timeout 60s`.
 *
 * @throws {Failure} naming the option and the forms it takes.
 */
export function durationOption(option: string, text: string): number {
  const ms = parseDuration(text)
  if (ms !== null) return ms
  throw new Failure(
    'INVALID_DURATION',
    `${option} ${text} is no duration; write it with a unit, as in 500ms, 60s, 10m or 1h`,
  )
}
