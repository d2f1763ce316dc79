import type { DefineCommand } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'
import { type TargetsArguments, targetsPositional } from './targets-arguments.ts'

export const defineRestart: DefineCommand<TargetsArguments> = (context) => ({
  command: 'restart <targets..>',
  describe: 'Replace the processes of targets as they are',
  builder: (yargs) =>
    targetsPositional(yargs)
      .example('$0 restart orders', 'the old one is wholly gone before the new one starts')
      .epilogue(exitCodeHelp('restart')),
  handler: async (args) => {
    const { restart } = await import('./restart.ts')
    context.finish(await restart(args))
  },
})
