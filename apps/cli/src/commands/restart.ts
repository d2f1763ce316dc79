import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { answer } from './answer.ts'
import { askSession } from './session-client.ts'
import type { TargetsArguments } from './targets-arguments.ts'

/** Replaces processes of the session. Resolves with the exit code once that is on its way. */
export async function restart(args: GlobalArguments & TargetsArguments): Promise<number> {
  const { restarted } = await askSession(args, 'restart', { targets: args.targets })
  answer(args, { type: 'restarted', targets: restarted }, () => [
    `restarting ${restarted.join(', ')}; "singletrack wait" waits until they are ready`,
  ])
  return exitCodes.ok
}
