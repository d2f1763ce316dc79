import type { DefineCommand } from '../arguments.ts'

export interface BuildArguments {
  readonly targets: readonly string[]
  readonly fresh: boolean
  readonly bail: boolean
}

export const defineBuild: DefineCommand<BuildArguments> = (context) => ({
  command: 'build [targets..]',
  describe: 'Build once, in dependency order; a running session is asked to',
  builder: (yargs) =>
    yargs
      .positional('targets', {
        type: 'string',
        array: true,
        default: [] as readonly string[],
        describe: 'Build these and what they depend on; all otherwise',
      })
      .option('fresh', {
        type: 'boolean',
        default: process.env['CI'] !== undefined,
        describe: 'Never take the outcome of a build that runs already (default in CI)',
      })
      .option('bail', { type: 'boolean', default: false, describe: 'Stop at the first failure' })
      .example('$0 build', 'all targets')
      .example(
        '$0 build orders --fresh',
        'orders and its dependencies, whatever others are building',
      ),
  handler: async (args) => {
    const { build } = await import('./build.ts')
    context.finish(await build(args))
  },
})
