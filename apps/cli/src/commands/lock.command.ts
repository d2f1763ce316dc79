import { type DefineCommand, type GlobalArguments, OPTIONS } from '../arguments.ts'
import { exitCodeHelp } from '../exit-code-help.ts'

export interface LockNameArguments {
  readonly lock: string | undefined
}

export interface LockBreakArguments extends LockNameArguments {
  readonly kill: boolean
  readonly force: boolean
}

export const defineLock: DefineCommand<object> = (context) => ({
  command: 'lock',
  describe: 'Show, break or repair the locks of the workspace',
  builder: (yargs) =>
    yargs
      .command({
        command: 'status',
        describe: 'Who holds which lock, since when, and who waits',
        builder: (each) =>
          each
            .example('$0 lock status', 'all locks, also those that are free')
            .epilogue(exitCodeHelp('lock')),
        handler: async (args) => {
          const { lockStatus } = await import('./lock-status.ts')
          context.finish(await lockStatus(args))
        },
      })
      .command<GlobalArguments & LockBreakArguments>({
        command: 'break [lock]',
        describe: 'Free the lock of a dead holder; of a living one only when told to',
        builder: (each) =>
          each
            .positional('lock', {
              type: 'string',
              describe: 'The lock; every one whose holder is dead otherwise',
            })
            .option('kill', {
              group: OPTIONS,
              type: 'boolean',
              default: false,
              describe: 'End what a living holder declared as its build, by identity',
            })
            .option('force', {
              group: OPTIONS,
              type: 'boolean',
              default: false,
              describe: 'Take it from a living holder; two builds at once are possible then',
            })
            .example('$0 lock break', 'what the dead have left')
            .example('$0 lock break dist --kill', 'end the build that holds dist')
            .epilogue(exitCodeHelp('lock')),
        handler: async (args) => {
          const { lockBreak } = await import('./lock-break.ts')
          context.finish(await lockBreak(args))
        },
      })
      .command<GlobalArguments & LockNameArguments>({
        command: 'repair <lock>',
        describe: 'Mend a lock directory that somebody damaged; loses nothing',
        builder: (each) =>
          each
            .positional('lock', { type: 'string', demandOption: true, describe: 'The lock' })
            .example('$0 lock repair build', 'keeps the newest entry, moves the rest aside')
            .epilogue(exitCodeHelp('lock')),
        handler: async (args) => {
          const { lockRepair } = await import('./lock-repair.ts')
          context.finish(await lockRepair(args))
        },
      })
      .demandCommand(1, 'say what to do: lock status, lock break or lock repair'),
  // The commands below it do the work.
  handler: () => undefined,
})
