import type { DefineCommand } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface ExplainArguments {
  readonly path: string
}

export const defineExplain: DefineCommand<ExplainArguments> = (context) => ({
  command: 'explain <path>',
  describe: 'Show which targets react to a file, or what ignores it',
  builder: (yargs) =>
    yargs
      .positional('path', {
        type: 'string',
        demandOption: true,
        describe: 'A file or folder; it need not exist',
      })
      .example('$0 explain shared/money.ts', 'each target with the glob that takes it')
      .example('$0 explain dist/orders.mjs', 'the line of the ignore file that hides it')
      .epilogue(exitCodeHelp('explain')),
  handler: async (args) => {
    const { explain } = await import('./explain.ts')
    context.finish(await explain(args))
  },
})
