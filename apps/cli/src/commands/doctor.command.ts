import type { DefineCommand } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export const defineDoctor: DefineCommand<object> = (context) => ({
  command: 'doctor',
  describe: 'Look for what keeps a session from working well',
  builder: (yargs) =>
    yargs
      .example('$0 doctor', 'limits, file systems, locks, leftovers, versions')
      .epilogue(exitCodeHelp('doctor')),
  handler: async (args) => {
    const { doctor } = await import('./doctor.ts')
    context.finish(await doctor(args, context.version))
  },
})
