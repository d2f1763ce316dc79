import { type DefineCommand, OPTIONS } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface ExecArguments {
  readonly uses: readonly string[] | undefined
  readonly '--'?: readonly string[]
}

export const defineExec: DefineCommand<ExecArguments> = (context) => ({
  command: 'exec',
  describe: 'Run any command under the build lock',
  builder: (yargs) => {
    context.passThrough()
    return yargs
      .usage(
        '$0 exec [--uses RESOURCE] -- COMMAND [ARGUMENTS…]\n\nRun any command under the build lock',
      )
      .option('uses', {
        group: OPTIONS,
        type: 'string',
        array: true,
        describe: 'Take this resource only; all with a capacity of one, and "build", otherwise',
      })
      .example('$0 exec -- cargo test', 'waits for builds that run, keeps others waiting')
      .example('$0 exec --uses dist -- rm -rf dist', 'takes one lock')
      .epilogue(exitCodeHelp('exec'))
  },
  handler: async (args) => {
    const { exec } = await import('./exec.ts')
    context.finish(await exec(args))
  },
})
