import type { DefineCommand } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface SignalArguments {
  readonly target: string
  readonly signal: string
}

export const defineSignal: DefineCommand<SignalArguments> = (context) => ({
  command: 'signal <target> <signal>',
  describe: 'Send a signal to the process of a target',
  builder: (yargs) =>
    yargs
      .positional('target', { type: 'string', demandOption: true, describe: 'The target' })
      .positional('signal', {
        type: 'string',
        demandOption: true,
        describe: 'The signal, such as SIGUSR1 or USR1',
      })
      .example('$0 signal orders USR1', 'have Node open its inspector')
      .example('$0 signal orders SIGHUP', 'have it read its own configuration again')
      .epilogue(exitCodeHelp('signal')),
  handler: async (args) => {
    const { signal } = await import('./signal.ts')
    context.finish(await signal(args))
  },
})
