import { type DefineCommand, OPTIONS } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface WaitArguments {
  readonly settled: boolean | undefined
  readonly ready: readonly string[] | undefined
  readonly timeout: string | undefined
}

export const defineWait: DefineCommand<WaitArguments> = (context) => ({
  command: 'wait',
  describe: 'Wait until what was edited is built and served',
  builder: (yargs) =>
    yargs
      .option('settled', {
        group: OPTIONS,
        type: 'boolean',
        describe: 'Until nothing is queued, building, stopping or starting (default)',
      })
      .option('ready', {
        group: OPTIONS,
        type: 'string',
        array: true,
        describe: 'Until this target is ready; may be given several times',
      })
      .option('timeout', {
        group: OPTIONS,
        type: 'string',
        describe: 'Give up after this, such as 60s; exits 4',
      })
      .conflicts('settled', 'ready')
      .example('$0 wait && npm test', 'test what was just saved')
      .example('$0 wait --ready orders --timeout 60s', 'until orders can be called')
      .epilogue(exitCodeHelp('wait')),
  handler: async (args) => {
    const { wait } = await import('./wait.ts')
    context.finish(await wait(args))
  },
})
