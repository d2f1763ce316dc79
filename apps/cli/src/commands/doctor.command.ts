import type { DefineCommand } from '../arguments.ts'

export const defineDoctor: DefineCommand<object> = (context) => ({
  command: 'doctor',
  describe: 'Look for what keeps a session from working well, and say what to do about it',
  builder: (yargs) =>
    yargs.example('$0 doctor', 'limits, file systems, locks, leftovers, versions'),
  handler: async (args) => {
    const { doctor } = await import('./doctor.ts')
    context.finish(await doctor(args, context.version))
  },
})
