import type { DefineCommand } from '../arguments.ts'

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
        type: 'boolean',
        describe: 'Until nothing is queued, building, stopping or starting (default)',
      })
      .option('ready', {
        type: 'string',
        array: true,
        describe: 'Until this target is ready; may be given several times',
      })
      .option('timeout', {
        type: 'string',
        describe: 'Give up after this, such as 60s; exits 4',
      })
      .conflicts('settled', 'ready')
      .example('$0 wait && npm test', 'test what was just saved')
      .example('$0 wait --ready orders --timeout 60s', 'until orders can be called')
      .epilogue(
        'Exit codes: 0 reached · 1 something failed, is skipped, crashed, suspended or paused · 4 timed out · 5 no session',
      ),
  handler: async (args) => {
    const { wait } = await import('./wait.ts')
    context.finish(await wait(args))
  },
})
