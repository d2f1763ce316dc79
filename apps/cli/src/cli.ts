import yargs, { type Argv } from 'yargs'

import { type CommandContext, type GlobalArguments, OPTIONS } from './arguments.ts'
import { defineBuild } from './commands/build.command.ts'
import { defineConfig } from './commands/config.command.ts'
import { defineDoctor } from './commands/doctor.command.ts'
import { defineEnv } from './commands/env.command.ts'
import { defineExec } from './commands/exec.command.ts'
import { defineExplain } from './commands/explain.command.ts'
import { defineInit } from './commands/init.command.ts'
import { defineInvoke } from './commands/invoke.command.ts'
import { defineLock } from './commands/lock.command.ts'
import { defineLogs } from './commands/logs.command.ts'
import { definePlan } from './commands/plan.command.ts'
import { defineRestart } from './commands/restart.command.ts'
import { defineSignal } from './commands/signal.command.ts'
import { defineStart } from './commands/start.command.ts'
import { defineStatus } from './commands/status.command.ts'
import { defineStop } from './commands/stop.command.ts'
import { defineTrace } from './commands/trace.command.ts'
import { defineWait } from './commands/wait.command.ts'
import { defineWatch } from './commands/watch.command.ts'
import { defineWhy } from './commands/why.command.ts'
import { exitCodes } from './exit-codes.ts'
import { Failure } from './failure.ts'
import { documentLine } from './output/document-line.ts'
import { unknownArgument, unknownNames } from './unknown-argument.ts'
import { withoutHelpOfRunningCommand } from './without-help.ts'

/**
 * Runs the command that the arguments name and resolves with its exit code. Everything that can go
 * wrong ends here: as a message for people, and with `--json` as one JSON document.
 */
export async function runCommand(argv: readonly string[], version: string): Promise<number> {
  let exitCode: number = exitCodes.ok
  let isPassedThrough = false
  const context: CommandContext = {
    version,
    isCommandGiven: argv.includes('--'),
    passThrough: () => {
      isPassedThrough = true
    },
    finish: (code) => {
      exitCode = code
    },
  }
  try {
    await withoutHelpOfRunningCommand(define(argv, context)).parseAsync()
    return exitCode
  } catch (error) {
    const words = beforeDoubleDash(argv)
    const usageCode = isPassedThrough ? exitCodes.ownFailure : exitCodes.usage
    return report(await explained(error, words, context), words.includes('--json'), usageCode)
  }
}

/** An argument that is not known is answered with those that are, one that is missing with its name. */
async function explained(
  error: unknown,
  words: readonly string[],
  context: CommandContext,
): Promise<unknown> {
  if (!(error instanceof Failure)) return error
  if (error.message.startsWith('Not enough non-option arguments')) {
    const [usage = ''] = (await define(words, context).getHelp()).split('\n', 1)
    return new Failure('USAGE', `something is missing; write: ${usage}`)
  }
  const names = unknownNames(error.message)
  const meant = /^Did you mean (.+)\?$/.exec(error.message)?.[1]
  if (names.length === 0 && meant === undefined) return error
  const { nearestName } = await import('@singletrack/orchestrator/client')
  if (meant !== undefined) {
    const typed = nearestName(meant, words) ?? words[0] ?? ''
    return new Failure('USAGE', `there is no command "${typed}"; did you mean "${meant}"?`)
  }
  return unknownArgument(names, words, await define(words, context).getHelp(), nearestName)
}

function define(argv: readonly string[], context: CommandContext): Argv<GlobalArguments> {
  const program: Argv<GlobalArguments> = yargs([...argv])
    .scriptName('singletrack')
    .usage(
      '$0 <command>\n\nOne watcher for a workspace of many functions, services or packages: it builds them in order, one at a time where they share a directory, and keeps them running.',
    )
    // Ours are in English, and two languages in one text help nobody.
    .detectLocale(false)
    // The group of what no command has put in another one.
    .updateStrings({ [OPTIONS]: 'With every command:' })
    .parserConfiguration({ 'populate--': true, 'parse-positional-numbers': false })
    .options({
      root: {
        alias: 'C',
        type: 'string',
        describe: 'The workspace; found from the current directory otherwise',
      },
      config: { type: 'string', describe: 'A configuration file other than singletrack.jsonc' },
      json: {
        type: 'boolean',
        default: false,
        describe: 'For machines: JSON on stdout and nothing else there',
      },
      quiet: { alias: 'q', type: 'boolean', default: false, describe: 'Only what matters' },
      verbose: { alias: 'v', type: 'count', describe: 'More detail; twice for even more' },
      color: {
        choices: ['auto', 'always', 'never'] as const,
        default: 'auto' as const,
        describe: 'Colored output',
      },
    })
  return program
    .command(defineWatch(context))
    .command(defineBuild(context))
    .command(defineExec(context))
    .command(defineInvoke(context))
    .command(defineStatus(context))
    .command(defineWait(context))
    .command(defineWhy(context))
    .command(defineStart(context))
    .command(defineStop(context))
    .command(defineRestart(context))
    .command(defineSignal(context))
    .command(defineLock(context))
    .command(defineLogs(context))
    .command(defineExplain(context))
    .command(definePlan(context))
    .command(defineEnv(context))
    .command(defineDoctor(context))
    .command(defineInit(context))
    .command(defineConfig(context))
    .command(defineTrace(context))
    .completion('completion', 'Print a script for completion in your shell')
    .demandCommand(1, FIRST_STEPS)
    .recommendCommands()
    .strict()
    .version(context.version)
    .alias('version', 'V')
    .alias('help', 'h')
    .epilogue(
      'To begin: "singletrack init", then "singletrack watch". "singletrack COMMAND --help" shows options, examples and exit codes.',
    )
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new Failure('USAGE', message ?? 'the arguments do not fit; see --help')
    })
}

/** What somebody reads who has typed the name alone. */
const FIRST_STEPS = `say what to do. To begin:

  singletrack init                            write a configuration for what is found here
  singletrack watch                           build it, run it, and again when files change
  singletrack watch -w src -- node server.js  one command, no configuration

"singletrack --help" lists all commands.`

/** @param usageCode the exit code of a failure that has none of its own */
function report(error: unknown, json: boolean, usageCode: number): number {
  const failure = asFailure(error)
  const exitCode = failure.exitCode ?? usageCode
  process.stderr.write(`singletrack: ${failure.message}\n`)
  if (json) {
    const { code, message, details } = failure
    process.stdout.write(documentLine({ type: 'error', code, message, exitCode, ...details }))
  }
  return exitCode
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  // By name, so that the lock package is not loaded for commands that take no lock.
  if (error instanceof Error && error.name === 'LockError' && 'code' in error)
    return new Failure(String(error.code), error.message)
  // What the parser itself says of arguments, such as an option without its value.
  if (error instanceof Error && error.name === 'YError') return new Failure('USAGE', error.message)
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new Failure('INTERNAL', `internal error: ${text}`, { exitCode: exitCodes.ownFailure })
}

/** What follows `--` belongs to somebody else's command. */
function beforeDoubleDash(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return end === -1 ? argv : argv.slice(0, end)
}
