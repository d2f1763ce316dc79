import type { Argv } from 'yargs'

import type { GlobalArguments } from '../arguments.ts'

export interface TargetsArguments {
  readonly targets: readonly string[]
}

/** One name or several, of targets in the session. */
export const targetsPositional = (
  yargs: Argv<GlobalArguments>,
): Argv<GlobalArguments & TargetsArguments> =>
  yargs.positional('targets', {
    type: 'string',
    array: true,
    demandOption: true,
    describe: 'One target or several',
  })
