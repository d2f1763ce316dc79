import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { answer } from './answer.ts'
import { askSession } from './session-client.ts'
import type { TargetsArguments } from './targets-arguments.ts'

/** Starts targets of the session. Resolves with the exit code once that is on its way. */
export async function start(args: GlobalArguments & TargetsArguments): Promise<number> {
  const { started } = await askSession(args, 'start', { targets: args.targets })
  answer(args, { type: 'started', targets: args.targets, started }, () => [
    started.length === 0
      ? `${args.targets.join(', ')}: started before`
      : `started ${started.join(', ')}; "singletrack wait" waits until they are ready`,
  ])
  return exitCodes.ok
}
