import type { Requests } from '@singletrack/orchestrator'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { answer } from './answer.ts'
import type { EnvArguments } from './env.command.ts'
import { ask, connectIfThere } from './session-client.ts'

/** Prints the environment of a target, one variable a line. Resolves with the exit code. */
export async function env(args: GlobalArguments & EnvArguments): Promise<number> {
  const found = await environmentOf(args)
  const variables = Object.entries(found.env)
    // The mark by which a session knows its own children; a debugger's child is none of them.
    .filter(([name]) => name !== 'SINGLETRACK_JOB')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  answer(
    args,
    { type: 'env', target: args.target, cwd: found.cwd, env: Object.fromEntries(variables) },
    () => variables.map(([name, value]) => `${name}=${quoted(value)}`),
  )
  return exitCodes.ok
}

async function environmentOf(
  args: GlobalArguments & EnvArguments,
): Promise<Requests['env']['result']> {
  await using client = await connectIfThere(args)
  if (client !== null) return await ask(client, 'env', { target: args.target })
  const { loadWorkspace, requireTargets } = await import('./load-workspace.ts')
  const workspace = await loadWorkspace(args)
  requireTargets(workspace, [args.target])
  const target = workspace.targets.get(args.target)
  return { env: target?.env ?? {}, cwd: target?.cwd ?? workspace.root }
}

/** As files of variables are read: plain where that is safe, else in quotes that keep it. */
function quoted(value: string): string {
  if (/^[\w./:@%+,=-]*$/.test(value)) return value
  if (!value.includes("'")) return `'${value}'`
  return `"${value.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)}"`
}
