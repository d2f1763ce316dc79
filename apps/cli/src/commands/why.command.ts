import type { DefineCommand } from '../arguments.ts'

export interface WhyArguments {
  readonly target: string
}

export const defineWhy: DefineCommand<WhyArguments> = (context) => ({
  command: 'why <target>',
  describe: 'Show what made a target do what it last did, from the file on',
  builder: (yargs) =>
    yargs
      .positional('target', { type: 'string', demandOption: true, describe: 'The target' })
      .example('$0 why orders', 'file, rule, queue, build, restart, in this order'),
  handler: async (args) => {
    const { why } = await import('./why.ts')
    context.finish(await why(args))
  },
})
