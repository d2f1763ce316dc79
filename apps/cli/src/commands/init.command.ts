import type { DefineCommand } from '../arguments.ts'

export const defineInit: DefineCommand<object> = (context) => ({
  command: 'init',
  describe: 'Write the smallest singletrack.jsonc for what is found here',
  builder: (yargs) => yargs.example('$0 init', 'never overwrites one'),
  handler: async (args) => {
    const { init } = await import('./init.ts')
    context.finish(await init(args))
  },
})
