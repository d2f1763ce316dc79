import { resolve } from 'node:path'

import type { Explanation } from '@singletrack/orchestrator/client'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { table } from '../output/table.ts'
import { answer } from './answer.ts'
import type { ExplainArguments } from './explain.command.ts'
import { ask, connectIfThere } from './session-client.ts'

/** Says who reacts to a path and why. Resolves with the exit code. */
export async function explain(args: GlobalArguments & ExplainArguments): Promise<number> {
  const path = resolve(args.path)
  await using client = await connectIfThere(args)
  const explanation =
    client === null ? await explainAlone(args, path) : await ask(client, 'explain', { path })
  answer(args, { type: 'explanation', ...explanation }, () => lines(explanation))
  return exitCodes.ok
}

/** Without a session the workspace has to be read, which a question to one need not wait for. */
async function explainAlone(args: GlobalArguments, path: string): Promise<Explanation> {
  const [{ explainPath }, { loadWorkspace }] = await Promise.all([
    import('@singletrack/orchestrator'),
    import('./load-workspace.ts'),
  ])
  return explainPath(await loadWorkspace(args), path)
}

const EFFECTS: Readonly<Record<string, string>> = {
  build: 'is built',
  restart: 'is restarted',
  'pass-on': 'passes it on to those that depend on it',
  remember: 'remembers it for its next start',
}

function lines({ path, targets, ignoredBy, watched, madeBy }: Explanation): readonly string[] {
  if (ignoredBy !== null) return [`${path}: ${whyIgnored(ignoredBy)}`]
  const made =
    madeBy.length === 0 ? [] : [`${path}: an output of ${madeBy.join(', ')}, not among its inputs`]
  if (targets.length > 0) {
    const rows = targets.map(({ name, rule, does }) => [
      name,
      EFFECTS[does] ?? does,
      `because of ${rule}`,
    ])
    return [...table(rows), ...made]
  }
  if (made.length > 0) return made
  return [
    watched
      ? `${path}: watched, but no rule of a target takes it`
      : `${path}: no target watches there`,
  ]
}

function whyIgnored(ignoredBy: NonNullable<Explanation['ignoredBy']>): string {
  switch (ignoredBy.kind) {
    case 'file':
      return `ignored by ${ignoredBy.file}:${ignoredBy.line}: ${ignoredBy.pattern}`
    case 'option':
      return `ignored by ${ignoredBy.pattern} in the setting ignore`
    case 'default':
      return `ignored by default (${ignoredBy.pattern}); "!${ignoredBy.pattern}" in the setting ignore takes it back`
    case 'never-watched':
      return `${ignoredBy.name} is never watched`
  }
}
