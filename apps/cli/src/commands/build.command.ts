import { type DefineCommand, OPTIONS } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface BuildArguments {
  readonly targets: readonly string[]
  readonly fresh: boolean
  readonly bail: boolean
  readonly problems: boolean
}

export const defineBuild: DefineCommand<BuildArguments> = (context) => ({
  command: 'build [targets..]',
  describe: 'Build once, in dependency order',
  builder: (yargs) =>
    yargs
      .positional('targets', {
        type: 'string',
        array: true,
        default: [] as readonly string[],
        describe: 'Build these and what they depend on; all otherwise',
      })
      .option('fresh', {
        group: OPTIONS,
        type: 'boolean',
        default: process.env['CI'] !== undefined,
        describe: 'Never take the outcome of a build that runs already (default in CI)',
      })
      .option('bail', {
        group: OPTIONS,
        type: 'boolean',
        default: false,
        describe: 'Stop at the first failure',
      })
      .option('problems', {
        group: OPTIONS,
        type: 'boolean',
        default: false,
        describe:
          'Say each problem once more in a line of its own, for editors: file:line:column: …',
      })
      .example('$0 build', 'all targets')
      .example(
        '$0 build orders --fresh',
        'orders and its dependencies, whatever others are building',
      )
      .epilogue(exitCodeHelp('build')),
  handler: async (args) => {
    const { build } = await import('./build.ts')
    context.finish(await build(args))
  },
})
