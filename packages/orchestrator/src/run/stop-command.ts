import type { Target } from '../configuration/index.ts'
import type { ChildLine, Spawn } from './child.ts'

/** A stop command that takes longer is ended; the signal follows all the same. */
const STOP_COMMAND_LIMIT_MS = 30_000

/**
 * Runs the stop command of a target to its end, for what a daemon started for us. Resolves also
 * when it fails or takes too long, with a sentence that says so.
 */
export async function runStopCommand(
  target: Target,
  options: {
    readonly spawn: Spawn
    readonly env: Readonly<Record<string, string>>
    readonly onLine: (line: ChildLine) => void
  },
): Promise<string | null> {
  const command = target.run?.stop.command ?? null
  if (command === null) return null
  const result = await options.spawn({
    command,
    cwd: target.cwd,
    env: options.env,
    onLine: options.onLine,
  })
  if (result.kind === 'failed')
    return `the stop command of ${target.name} could not start: ${result.end.message}`
  const limit = setTimeout(() => result.child.stop('SIGTERM', 2_000), STOP_COMMAND_LIMIT_MS)
  const { end } = await result.child.ended
  clearTimeout(limit)
  return end.kind === 'code' && end.code === 0 ? null : `the stop command of ${target.name} failed`
}
