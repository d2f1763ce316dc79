import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { answer } from './answer.ts'
import { askSession } from './session-client.ts'
import type { SignalArguments } from './signal.command.ts'

/** Sends a signal to the process of a target. Resolves with the exit code. */
export async function signal(args: GlobalArguments & SignalArguments): Promise<number> {
  const upper = args.signal.toUpperCase()
  const name = upper.startsWith('SIG') ? upper : `SIG${upper}`
  const { delivered } = await askSession(args, 'signal', { target: args.target, signal: name })
  if (!delivered) {
    throw new Failure('NOT_RUNNING', `${args.target} has no process to send ${name} to`, {
      exitCode: exitCodes.buildFailed,
    })
  }
  answer(args, { type: 'signaled', target: args.target, signal: name }, () => [
    `sent ${name} to ${args.target}`,
  ])
  return exitCodes.ok
}
