import { type DefineCommand, OPTIONS } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface LogsArguments {
  readonly targets: readonly string[]
  readonly follow: boolean
  readonly grep: string | undefined
  readonly since: string | undefined
  readonly limit: number
}

export const defineLogs: DefineCommand<LogsArguments> = (context) => ({
  command: 'logs [targets..]',
  describe: 'Show what targets printed; from files when no session runs',
  builder: (yargs) =>
    yargs
      .positional('targets', {
        type: 'string',
        array: true,
        default: [] as readonly string[],
        describe: 'Of these targets; of all otherwise',
      })
      .option('follow', {
        group: OPTIONS,
        alias: 'f',
        type: 'boolean',
        default: false,
        describe: 'Go on with what is printed from now on, until the session ends',
      })
      .option('grep', {
        group: OPTIONS,
        type: 'string',
        describe: 'Only lines that this regular expression finds',
      })
      .option('since', {
        group: OPTIONS,
        type: 'string',
        describe: 'Only lines of the last while, such as 10m, or since a time in ISO 8601',
      })
      .option('limit', {
        group: OPTIONS,
        alias: 'n',
        type: 'number',
        default: 1_000,
        describe: 'At most so many lines, the newest',
      })
      .example('$0 logs orders -f', 'the last lines of orders, then each as it comes')
      .example('$0 logs --grep "timed? ?out" --since 10m', 'whatever timed out of late')
      .epilogue(exitCodeHelp('logs')),
  handler: async (args) => {
    const { logs } = await import('./logs.ts')
    context.finish(await logs(args))
  },
})
