import type { DefineCommand } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface EnvArguments {
  readonly target: string
}

export const defineEnv: DefineCommand<EnvArguments> = (context) => ({
  command: 'env <target>',
  describe: 'Print the variables a debugger needs to start a target',
  builder: (yargs) =>
    yargs
      .positional('target', { type: 'string', demandOption: true, describe: 'The target' })
      .example('$0 env orders > .env.debug', 'a file that debuggers and "node --env-file" read')
      .example('$0 env orders --json', 'with the directory to start it in')
      .epilogue(exitCodeHelp('env')),
  handler: async (args) => {
    const { env } = await import('./env.ts')
    context.finish(await env(args))
  },
})
