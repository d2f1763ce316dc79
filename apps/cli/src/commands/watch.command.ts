import { type DefineCommand, OPTIONS } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'
import {
  type WatchCommandArguments,
  addWatchCommandOptions,
  commandOf,
} from './watch-command-options.ts'

export interface WatchArguments extends WatchCommandArguments {
  readonly targets: readonly string[]
  /** Without a configuration: everything that was found. */
  readonly all: boolean
}

export const defineWatch: DefineCommand<WatchArguments> = (context) => ({
  command: 'watch [targets..]',
  describe: 'Watch the workspace, build what changed, keep it running',
  builder: (yargs) => {
    if (context.isCommandGiven) context.passThrough()
    return addWatchCommandOptions(yargs)
      .positional('targets', {
        type: 'string',
        array: true,
        default: [] as readonly string[],
        describe: 'Start these and what they depend on; all that start by themselves otherwise',
      })
      .option('all', {
        group: OPTIONS,
        type: 'boolean',
        default: false,
        describe: 'Without a configuration: watch all that Cargo or package.json shows',
      })
      .example('$0 watch', 'everything that starts by itself')
      .example('$0 watch orders', 'orders and what it depends on')
      .example('$0 watch -w src -e ts -- node server.js', 'one command, no configuration')
      .epilogue(exitCodeHelp('watch'))
  },
  handler: async (args) => {
    const command = commandOf(args)
    if (command !== null) {
      const { watchCommandLine } = await import('./watch-command-line.ts')
      context.finish(await watchCommandLine(args, command))
      return
    }
    const { watch } = await import('./watch.ts')
    context.finish(await watch(args, context.version))
  },
})
