import type { Argv } from 'yargs'

import type { GlobalArguments } from '../arguments.ts'
import { Failure } from '../failure.ts'

/** What `watch -- CMD` takes beside the command, as typed. */
export interface WatchCommandArguments {
  /** What stands after `--`. */
  readonly '--'?: readonly string[]
  readonly watch: readonly string[]
  readonly ext: readonly string[]
  readonly ignore: readonly string[]
  readonly gitignore: boolean
  readonly 'on-busy': 'restart' | 'queue' | 'ignore' | 'signal' | undefined
  readonly signal: string | undefined
  readonly postpone: boolean
  readonly clear: boolean
  readonly poll: boolean
  readonly debounce: string | undefined
  readonly 'stop-signal': string
  readonly 'stop-timeout': string
  readonly env: readonly string[]
  readonly uses: readonly string[]
  readonly 'exit-on-error': boolean
}

const GROUP = 'With -- COMMAND, instead of targets:'

/** The options that only mean something with a command after `--`. */
export function addWatchCommandOptions(
  yargs: Argv<GlobalArguments>,
): Argv<GlobalArguments & WatchCommandArguments> {
  return yargs.options({
    watch: repeated('w', 'A file or folder to watch; the current folder otherwise'),
    ext: repeated('e', 'Only files with these extensions, such as ts,json'),
    ignore: repeated('i', 'What does not count, as a line of .gitignore'),
    gitignore: { ...flag('Obey .gitignore files; --no-gitignore does not'), default: true },
    'on-busy': {
      alias: 'o',
      choices: ['restart', 'queue', 'ignore', 'signal'] as const,
      group: GROUP,
      describe:
        'A change while it runs: restart it (default), run it once more afterwards, do nothing, or send --signal',
    },
    signal: { ...text('What --on-busy signal sends; SIGHUP otherwise'), alias: 's' },
    postpone: { ...flag('Wait for a change before the first run'), alias: 'p' },
    clear: { ...flag('Clear the screen before each run'), alias: 'c' },
    poll: flag('Look for changes in turns, where no events arrive'),
    debounce: {
      ...text('Act when nothing has changed for so long'),
      alias: 'd',
      defaultDescription: '50ms, after a single save 10ms',
    },
    'stop-signal': { ...text('The signal that asks it to end'), default: 'SIGTERM' },
    'stop-timeout': { ...text('Kill it when it has not ended after so long'), default: '5s' },
    env: repeated('E', 'A variable for the command, as NAME=VALUE'),
    uses: repeated([], 'Hold the lock of this resource during each run, and wait for it'),
    'exit-on-error': flag('End with the first run that fails, with its exit code'),
  })
}

/**
 * The command after `--`; null when there is none, and nothing asks for one.
 *
 * @throws {Failure} for targets beside a command, and options of a command without one.
 */
export function commandOf(
  args: WatchCommandArguments & { readonly targets: readonly string[] },
): readonly [string, ...string[]] | null {
  const [program, ...rest] = args['--'] ?? []
  if (program !== undefined) {
    if (args.targets.length === 0) return [program, ...rest]
    throw new Failure(
      'USAGE',
      `watch targets (${args.targets.join(', ')}) or a command (${program}), not both; options of the command go after --`,
    )
  }
  const given = OPTIONS_OF_COMMAND.find((name) => isGiven(args[name]))
  if (given === undefined) return null
  throw new Failure(
    'USAGE',
    `--${given} needs a command to run; put it after --, as in: singletrack watch -w src -- node server.js`,
  )
}

const OPTIONS_OF_COMMAND = [
  'watch',
  'ext',
  'ignore',
  'on-busy',
  'signal',
  'postpone',
  'clear',
  'poll',
  'env',
  'uses',
  'exit-on-error',
] as const

const isGiven = (value: boolean | string | readonly string[] | undefined): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false

interface Described {
  readonly group: string
  readonly describe: string
}

interface Repeated extends Described {
  readonly alias: string | readonly string[]
  readonly type: 'string'
  readonly requiresArg: true
  readonly default: readonly string[]
  readonly defaultDescription: string
  readonly coerce: (values: string | readonly string[]) => readonly string[]
}

/** Given as often as wanted, one value each time: a list would swallow what follows. */
function repeated(alias: string | readonly string[], describe: string): Repeated {
  return {
    alias,
    type: 'string',
    requiresArg: true,
    group: GROUP,
    describe,
    default: [],
    defaultDescription: 'none',
    coerce: (values) => [values].flat(),
  }
}

const flag = (
  describe: string,
): Described & { readonly type: 'boolean'; readonly default: boolean } => ({
  type: 'boolean',
  default: false,
  group: GROUP,
  describe,
})

const text = (
  describe: string,
): Described & { readonly type: 'string'; readonly requiresArg: true } => ({
  type: 'string',
  requiresArg: true,
  group: GROUP,
  describe,
})
