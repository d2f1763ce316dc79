import { type DefineCommand, OPTIONS } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface TraceArguments {
  readonly output: string
}

export const defineTrace: DefineCommand<TraceArguments> = (context) => ({
  command: 'trace',
  describe: 'Write what a session did as a Chrome trace',
  builder: (yargs) =>
    yargs
      .option('output', {
        group: OPTIONS,
        alias: 'o',
        type: 'string',
        requiresArg: true,
        default: 'singletrack-trace.json',
        describe: 'The file; "-" for stdout',
      })
      .example('$0 trace', 'open the file in https://ui.perfetto.dev or chrome://tracing')
      .epilogue(exitCodeHelp('trace')),
  handler: async (args) => {
    const { trace } = await import('./trace.ts')
    context.finish(await trace(args))
  },
})
