import type { DefineCommand } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export const defineInit: DefineCommand<object> = (context) => ({
  command: 'init',
  describe: 'Write the smallest singletrack.jsonc for what is found here',
  builder: (yargs) =>
    yargs.example('$0 init', 'never overwrites one').epilogue(exitCodeHelp('init')),
  handler: async (args) => {
    const { init } = await import('./init.ts')
    context.finish(await init(args))
  },
})
