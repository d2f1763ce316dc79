import type { DefineCommand } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'
import { type TargetsArguments, targetsPositional } from './targets-arguments.ts'

export const defineStart: DefineCommand<TargetsArguments> = (context) => ({
  command: 'start <targets..>',
  describe: 'Start targets of a session, and what they depend on',
  builder: (yargs) =>
    targetsPositional(yargs)
      .example('$0 start orders', 'orders, built first if it has to be')
      .epilogue(exitCodeHelp('start')),
  handler: async (args) => {
    const { start } = await import('./start.ts')
    context.finish(await start(args))
  },
})
