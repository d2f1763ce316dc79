import { relative } from 'node:path'

import { type Setting, explainConfiguration } from '@singletrack/orchestrator/configuration'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { count } from '../output/format.ts'
import { answer } from './answer.ts'
import type { ConfigArguments } from './config.command.ts'
import { loadConfigured, requireTargets } from './load-workspace.ts'

/** Prints the configuration as it is understood. Resolves with the exit code. */
export async function config(args: GlobalArguments & ConfigArguments): Promise<number> {
  const { workspace, settings } = await loadConfigured(args)
  const { target } = args
  if (target !== undefined) requireTargets(workspace, [target])
  const shown = args.resolved || target !== undefined
  answer(
    args,
    {
      type: 'config',
      root: workspace.root,
      files: workspace.files,
      targets: [...workspace.targets.keys()],
      settings: shown ? concerning(settings, target) : [],
    },
    () =>
      shown
        ? explainConfiguration(settings, { target }).trimEnd().split('\n')
        : [
            `${count(workspace.targets.size, 'target')}: ${[...workspace.targets.keys()].join(', ')}`,
            ...workspace.files.map((file) => `from ${relative(process.cwd(), file)}`),
            'with --resolved: every value, and where it came from',
          ],
  )
  return exitCodes.ok
}

const concerning = (settings: readonly Setting[], target: string | undefined): readonly Setting[] =>
  target === undefined
    ? settings
    : settings.filter(({ path }) =>
        [`targets.${target}.`, `targets[${JSON.stringify(target)}].`].some((prefix) =>
          path.startsWith(prefix),
        ),
      )
