/** The mark by which every child of a session can be found again. */
export const JOB_MARK = 'SINGLETRACK_JOB'
/** The resources a build holds, for nested commands. */
export const HELD_MARK = 'SINGLETRACK_HELD'

export interface ChildEnvironmentOptions {
  /** Usually `process.env`. */
  readonly inherited: Readonly<Record<string, string | undefined>>
  /** The target's own variables; they win over everything. */
  readonly own: Readonly<Record<string, string>>
  /** The nonce that marks the child as ours. */
  readonly job: string
  /** Whether our own output has colors, so that children behind pipes write them too. */
  readonly colors: boolean
  /** What `lease.env()` says; only for builds and `exec`, never for runs. */
  readonly held?: Readonly<Record<string, string>>
}

/** Colors for programs that see a pipe; each is set only where the user has not decided. */
const COLOR_VARIABLES: Readonly<Record<string, string>> = {
  FORCE_COLOR: '1',
  CLICOLOR_FORCE: '1',
  CARGO_TERM_COLOR: 'always',
}

/**
 * The environment of a child: what we inherited, what the target says, the mark that finds the
 * child again, and nothing that would let a run pose as a build that holds a lock.
 */
export function childEnvironment(options: ChildEnvironmentOptions): Record<string, string> {
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(options.inherited)) {
    if (value !== undefined && name !== HELD_MARK) environment[name] = value
  }
  environment['PYTHONUNBUFFERED'] ??= '1'
  if (options.colors && environment['NO_COLOR'] === undefined) {
    for (const [name, value] of Object.entries(COLOR_VARIABLES)) environment[name] ??= value
  }
  return { ...environment, ...options.held, ...options.own, [JOB_MARK]: options.job }
}
