import type { DefineCommand } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'
import { type TargetsArguments, targetsPositional } from './targets-arguments.ts'

export const defineStop: DefineCommand<TargetsArguments> = (context) => ({
  command: 'stop <targets..>',
  describe: 'Stop targets of a session until somebody starts them',
  builder: (yargs) =>
    targetsPositional(yargs)
      .example('$0 stop orders', 'returns when its process group is gone')
      .epilogue(exitCodeHelp('stop')),
  handler: async (args) => {
    const { stop } = await import('./stop.ts')
    context.finish(await stop(args))
  },
})
