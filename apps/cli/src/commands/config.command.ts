import type { DefineCommand } from '../arguments.ts'

export interface ConfigArguments {
  readonly target: string | undefined
  readonly resolved: boolean
}

export const defineConfig: DefineCommand<ConfigArguments> = (context) => ({
  command: 'config [target]',
  describe: 'Check the configuration; print each value with where it came from',
  builder: (yargs) =>
    yargs
      .positional('target', { type: 'string', describe: 'Only what concerns this target' })
      .option('resolved', {
        type: 'boolean',
        default: false,
        describe: 'Print every value: presets, placeholders and defaults applied',
      })
      .example('$0 config', 'the files it is read from and the targets they define')
      .example('$0 config orders --resolved', 'every value of orders, each with its origin'),
  handler: async (args) => {
    const { config } = await import('./config.ts')
    context.finish(await config(args))
  },
})
