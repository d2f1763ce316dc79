import { type DefineCommand, OPTIONS } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface StatusArguments {
  readonly history: boolean
}

export const defineStatus: DefineCommand<StatusArguments> = (context) => ({
  command: 'status',
  describe: 'Show what a session is doing, target by target',
  builder: (yargs) =>
    yargs
      .option('history', {
        group: OPTIONS,
        type: 'boolean',
        default: false,
        describe: 'Show what came of the last builds instead; needs no session',
      })
      .example('$0 status', 'a table of the targets; exits 5 when no session runs')
      .example('$0 status --json', 'the same as one JSON document')
      .epilogue(exitCodeHelp('status')),
  handler: async (args) => {
    const { status } = await import('./status.ts')
    context.finish(await status(args))
  },
})
