import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { answer } from './answer.ts'
import { askSession } from './session-client.ts'
import type { TargetsArguments } from './targets-arguments.ts'

/** Stops targets of the session. Resolves with the exit code once their groups are gone. */
export async function stop(args: GlobalArguments & TargetsArguments): Promise<number> {
  const { stopped } = await askSession(args, 'stop', { targets: args.targets })
  answer(args, { type: 'stopped', targets: stopped }, () => [`stopped ${stopped.join(', ')}`])
  return exitCodes.ok
}
