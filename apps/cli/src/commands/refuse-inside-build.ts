import { HELD_VARIABLE } from '@singletrack/lockfile'

import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'

/**
 * Refuses a command that would wait for the very build it is part of.
 *
 * @throws {Failure} `INSIDE_A_BUILD`, exit code 2, when an ancestor holds locks.
 */
export function refuseInsideBuild(
  command: string,
  why: string,
  environment: NodeJS.ProcessEnv = process.env,
): void {
  const locks = heldLocks(environment[HELD_VARIABLE])
  if (locks.length === 0) return
  throw new Failure(
    'INSIDE_A_BUILD',
    `"singletrack ${command}" inside a build that holds ${locks.join(', ')}: ${why}; ` +
      `run it outside of the build (${HELD_VARIABLE} is set here)`,
    { exitCode: exitCodes.usage, details: { locks } },
  )
}

/** The names of the locks that an ancestor says it holds; none for text that nobody of us wrote. */
export function heldLocks(text: string | undefined): readonly string[] {
  if (text === undefined) return []
  try {
    const entries: unknown = JSON.parse(text)
    if (!Array.isArray(entries)) return []
    return entries.flatMap((entry: unknown) =>
      typeof entry === 'object' && entry !== null && 'lock' in entry ? [String(entry.lock)] : [],
    )
  } catch {
    return []
  }
}
