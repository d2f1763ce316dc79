import type { DefineCommand } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface WhyArguments {
  readonly target: string
}

export const defineWhy: DefineCommand<WhyArguments> = (context) => ({
  command: 'why <target>',
  describe: 'Show why a target did what it last did',
  builder: (yargs) =>
    yargs
      .positional('target', { type: 'string', demandOption: true, describe: 'The target' })
      .example('$0 why orders', 'file, rule, queue, build, restart, in this order')
      .epilogue(exitCodeHelp('why')),
  handler: async (args) => {
    const { why } = await import('./why.ts')
    context.finish(await why(args))
  },
})
