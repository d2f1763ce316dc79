import type { WaitFor, WaitResult } from '@singletrack/orchestrator/client'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { answer } from './answer.ts'
import { durationOption } from './duration-option.ts'
import { refuseInsideBuild } from './refuse-inside-build.ts'
import { askSession } from './session-client.ts'
import type { WaitArguments } from './wait.command.ts'

/** Waits for the session to get there. Resolves with the exit code. */
export async function wait(args: GlobalArguments & WaitArguments): Promise<number> {
  refuseInsideBuild('wait', 'it would wait for the build that runs it')
  const timeoutMs = args.timeout === undefined ? null : durationOption('--timeout', args.timeout)
  const waitFor: WaitFor =
    args.ready === undefined ? { kind: 'settled' } : { kind: 'ready', targets: args.ready }
  const result = await askSession(args, 'wait', { for: waitFor, timeoutMs })
  answer(args, { type: 'wait', for: waitFor, result }, () =>
    lines(result, waitFor, args.timeout ?? ''),
  )
  return exitCodeOf(result)
}

function lines(result: WaitResult, waitFor: WaitFor, timeout: string): readonly string[] {
  switch (result.kind) {
    case 'reached':
      return [waitFor.kind === 'settled' ? 'settled' : `ready: ${waitFor.targets.join(', ')}`]
    case 'broken':
      return result.targets.map(({ name, why }) => `${name}: ${why}`)
    case 'timed-out':
      return [
        `not there after ${timeout}${result.targets.length === 0 ? '' : `; still busy: ${result.targets.join(', ')}`}`,
      ]
  }
}

function exitCodeOf(result: WaitResult): number {
  switch (result.kind) {
    case 'reached':
      return exitCodes.ok
    case 'broken':
      return exitCodes.buildFailed
    case 'timed-out':
      return exitCodes.timedOut
  }
}
