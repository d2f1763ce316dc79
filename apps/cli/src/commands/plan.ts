import { resolve } from 'node:path'

import type { PlanStep } from '@singletrack/orchestrator/client'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { formatDuration } from '../output/format.ts'
import { table } from '../output/table.ts'
import { answer } from './answer.ts'
import type { PlanArguments } from './plan.command.ts'
import { ask, connectIfThere } from './session-client.ts'

/** Prints a dry run. Resolves with the exit code. */
export async function plan(args: GlobalArguments & PlanArguments): Promise<number> {
  const change = args.change === undefined ? null : resolve(args.change)
  await using client = await connectIfThere(args)
  const steps =
    client === null ? await planAlone(args, change) : (await ask(client, 'plan', { change })).steps
  answer(args, { type: 'plan', change, steps }, () =>
    steps.length === 0
      ? [change === null ? 'there is nothing to do' : 'nothing would happen']
      : table([['AFTER', 'TARGET', 'DOES', 'TAKES', 'BECAUSE', 'HOLDS'], ...steps.map(row)]),
  )
  return exitCodes.ok
}

/** Without a session the workspace has to be read, which a question to one need not wait for. */
async function planAlone(
  args: GlobalArguments,
  change: string | null,
): Promise<readonly PlanStep[]> {
  const [{ planOnce }, { loadWorkspace }] = await Promise.all([
    import('@singletrack/orchestrator'),
    import('./load-workspace.ts'),
  ])
  return planOnce(await loadWorkspace(args), change)
}

const row = (step: PlanStep): readonly string[] => [
  step.expectedStartMs === null ? '?' : formatDuration(step.expectedStartMs),
  step.target,
  step.action,
  step.action === 'build' ? timeOf(step.expectedMs) : '',
  step.because,
  [
    ...(step.waitsFor.length === 0 ? [] : [`waits for ${step.waitsFor.join(', ')}`]),
    ...(step.uses.length === 0 ? [] : [`uses ${step.uses.join(', ')}`]),
  ].join('; '),
]

const timeOf = (ms: number | null): string => (ms === null ? '?' : formatDuration(ms))
