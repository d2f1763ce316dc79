import { createInterface } from 'node:readline/promises'

import type { ConfigurationResult, Workspace } from '@singletrack/orchestrator/configuration'

import type { GlobalArguments } from '../arguments.ts'
import { Failure } from '../failure.ts'
import { type Detected, detect } from './detect.ts'
import {
  configurationReader,
  loadConfiguredIfThere,
  requireTargets,
  workspaceReader,
} from './load-workspace.ts'
import type { WatchArguments } from './watch.command.ts'
import { workspaceRoot } from './workspace-root.ts'

/** What is to be watched, and how to read it again when it changes. */
export interface WatchedWorkspace {
  readonly workspace: Workspace
  readonly reload: () => Promise<ConfigurationResult>
}

/**
 * The configured workspace; without a configuration, what detection finds. Nothing that was only
 * found is run unasked: somebody names it, says `--all`, or answers the question on a terminal.
 *
 * @throws {Failure} for a broken configuration, unknown names, and where nobody can be asked.
 */
export async function watchedWorkspace(
  args: GlobalArguments & WatchArguments,
): Promise<WatchedWorkspace> {
  const configured = await loadConfiguredIfThere(args)
  if (configured !== null) {
    requireTargets(configured, args.targets)
    return { workspace: configured, reload: configurationReader(args) }
  }
  const found = await detect(workspaceRoot(args))
  requireTargets(found.workspace, args.targets)
  if (args.targets.length === 0 && !args.all && !(await isWanted(found, args))) {
    throw new Failure(
      'NAMES_NEEDED',
      `there is no singletrack.jsonc, but ${describe(found)}; name what to watch, add --all, ` +
        'or run "singletrack init" to write it down',
      { details: { found: [...found.workspace.targets.keys()] } },
    )
  }
  return { workspace: found.workspace, reload: workspaceReader(args) }
}

/** Asks on a terminal; elsewhere nobody can answer. */
async function isWanted(found: Detected, args: GlobalArguments): Promise<boolean> {
  if (args.json || !process.stdin.isTTY || !process.stderr.isTTY) return false
  const prompt = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await prompt.question(
      `There is no singletrack.jsonc; ${describe(found)}. Watch all of them? [Y/n] `,
    )
    return /^(?:|y|yes)$/i.test(answer.trim())
  } finally {
    prompt.close()
  }
}

function describe({ workspace, by }: Detected): string {
  const names = [...workspace.targets.keys()].join(', ')
  return `${by.map((kind) => (kind === 'cargo' ? 'Cargo' : 'package.json')).join(' and ')} shows ${names}`
}
