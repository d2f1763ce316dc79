import { type DefineCommand, OPTIONS } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface ConfigArguments {
  readonly target: string | undefined
  readonly resolved: boolean
}

export const defineConfig: DefineCommand<ConfigArguments> = (context) => ({
  command: 'config [target]',
  describe: 'Check the configuration; show where values come from',
  builder: (yargs) =>
    yargs
      .positional('target', { type: 'string', describe: 'Only what concerns this target' })
      .option('resolved', {
        group: OPTIONS,
        type: 'boolean',
        default: false,
        describe: 'Print every value: presets, placeholders and defaults applied',
      })
      .example('$0 config', 'the files it is read from and the targets they define')
      .example('$0 config orders --resolved', 'every value of orders, each with its origin')
      .epilogue(exitCodeHelp('config')),
  handler: async (args) => {
    const { config } = await import('./config.ts')
    context.finish(await config(args))
  },
})
