import type { DefineCommand } from '../arguments.ts'

export interface ExecArguments {
  readonly uses: readonly string[] | undefined
  readonly '--'?: readonly string[]
}

export const defineExec: DefineCommand<ExecArguments> = (context) => ({
  command: 'exec',
  describe: 'Run any command under the build lock: singletrack exec -- cargo test',
  builder: (yargs) =>
    yargs
      .usage('$0 exec [--uses RESOURCE] -- COMMAND [ARGUMENTS…]')
      .option('uses', {
        type: 'string',
        array: true,
        describe: 'Take this resource only; all with a capacity of one, and "build", otherwise',
      })
      .example('$0 exec -- cargo test', 'waits for builds that run, keeps others waiting')
      .example('$0 exec --uses dist -- rm -rf dist', 'takes one lock')
      .epilogue(
        'Exit codes: that of the command · 128 + n when a signal ended it · 125 our own failure · 126 not executable · 127 not found',
      ),
  handler: async (args) => {
    const { exec } = await import('./exec.ts')
    context.finish(await exec(args))
  },
})
