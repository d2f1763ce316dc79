import { type DefineCommand, OPTIONS } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface PlanArguments {
  readonly change: string | undefined
}

export const definePlan: DefineCommand<PlanArguments> = (context) => ({
  command: 'plan',
  describe: 'Show what would be built and restarted, in which order',
  builder: (yargs) =>
    yargs
      .option('change', {
        group: OPTIONS,
        type: 'string',
        describe: 'If this file changed; otherwise what a start, or a session, still has to do',
      })
      .example('$0 plan --change shared/money.ts', 'who is rebuilt and what waits for what')
      .example('$0 plan', 'what "singletrack watch" would do first')
      .epilogue(exitCodeHelp('plan')),
  handler: async (args) => {
    const { plan } = await import('./plan.ts')
    context.finish(await plan(args))
  },
})
