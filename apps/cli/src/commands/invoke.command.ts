import { type DefineCommand, OPTIONS } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface InvokeArguments {
  readonly target: string
  readonly data: string | undefined
  readonly file: string | undefined
  readonly url: boolean
}

export const defineInvoke: DefineCommand<InvokeArguments> = (context) => ({
  command: 'invoke <target>',
  describe: 'Invoke a function of the session, as AWS Lambda would',
  builder: (yargs) =>
    yargs
      .positional('target', { type: 'string', demandOption: true, describe: 'The function' })
      .option('data', {
        group: OPTIONS,
        alias: 'd',
        type: 'string',
        describe: 'The event, as JSON; {} otherwise',
      })
      .option('file', {
        group: OPTIONS,
        alias: 'f',
        type: 'string',
        // Without it the parser takes a lone "-" for an argument of its own.
        nargs: 1,
        describe: 'A file with the event; "-" reads standard input',
      })
      .conflicts('data', 'file')
      .option('url', {
        group: OPTIONS,
        type: 'boolean',
        default: false,
        describe: 'As a function URL: data becomes the body of an HTTP request',
      })
      .example('$0 invoke hello --data \'{"name":"Ada"}\'', 'prints what it answers')
      .example('$0 invoke hello --file event.json', 'an event from a file')
      .example('$0 invoke hello --url', 'as a browser would call it')
      .epilogue(exitCodeHelp('invoke')),
  handler: async (args) => {
    const { invoke } = await import('./invoke.ts')
    context.finish(await invoke(args))
  },
})
