import { existsSync, realpathSync } from 'node:fs'
import { constants } from 'node:os'
import { relative, resolve } from 'node:path'
import { isatty } from 'node:tty'

import { describeEnd } from '@singletrack/orchestrator/client'
import {
  type CommandWatchEnd,
  type CommandWatchOptions,
  type End,
  watchCommand,
} from '@singletrack/orchestrator/command'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodeOfSignal, exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { CommandWatchText } from '../output/command-watch-text.ts'
import { SignalControl } from '../signal-control.ts'
import { type Terminal, processTerminal } from '../terminal.ts'
import { durationOption } from './duration-option.ts'
import { refuseInsideBuild } from './refuse-inside-build.ts'
import type { WatchCommandArguments } from './watch-command-options.ts'

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys are the names of signals
const SIGNALS = Object.keys(constants.signals) as readonly NodeJS.Signals[]

type Arguments = GlobalArguments & WatchCommandArguments

/** Scrollback, screen, cursor home. */
const CLEAR_SCREEN = '\u001B[3J\u001B[2J\u001B[H'

/** Runs the command after `--` again and again as files change. Resolves with the exit code. */
export async function watchCommandLine(
  args: Arguments,
  argv: readonly [string, ...string[]],
): Promise<number> {
  refuseInsideBuild('watch', 'it would never end, and neither would the build')
  // Made before the command is spawned: a stream that Node opens later on a pipe that both use
  // would turn it non-blocking under the command's feet.
  const terminal = processTerminal(args.color, 'stderr')
  // The command goes on, and is ended in order, when nobody reads what we say.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const options = await optionsOf(args, argv)
  using signals = new SignalControl()
  using report = reporter(args, terminal)
  for (const path of options.paths.filter((each) => !existsSync(each)))
    report.note(`${relative(options.cwd, path)} does not exist; it counts from when it does`)
  const watch = watchCommand({ ...options, onEvent: (event) => report.event(event) })
  signals.onSignal((signal, answer) => {
    switch (answer) {
      case 'stop-gracefully':
        watch.end(signal === 'SIGINT' ? 'left-to-child' : 'stop')
        return
      case 'stop-by-force':
        watch.end('force')
        return
      case 'exit':
        process.exit(exitCodeOfSignal(signal))
    }
  })
  return exitCodeOf(await watch.ended, signals.first)
}

function reporter(args: Arguments, terminal: Terminal): CommandWatchText {
  return new CommandWatchText({
    ...terminal,
    format: args.json ? 'json' : args.quiet ? 'quiet' : 'text',
    // Only a screen is cleared, never a file or a pipe.
    beforeRun: () => {
      if (args.clear && !args.json && process.stdout.isTTY) terminal.writeOut(CLEAR_SCREEN)
    },
  })
}

async function optionsOf(
  args: Arguments,
  argv: readonly [string, ...string[]],
): Promise<Omit<CommandWatchOptions, 'onEvent'>> {
  const cwd = workingFolder(args.root)
  const { signal, onBusy } = busyMode(args)
  return {
    argv,
    cwd,
    paths: args.watch.length === 0 ? [cwd] : args.watch.map((path) => realPath(cwd, path)),
    extensions: args.ext.flatMap((text) => text.split(',')).map(extensionOf),
    ignore: args.ignore,
    gitignore: args.gitignore,
    poll: args.poll,
    ...quietTimes(args.debounce),
    onBusy,
    signal,
    stop: {
      signal: signalOf('--stop-signal', args['stop-signal']),
      graceMs: durationOption('--stop-timeout', args['stop-timeout']),
    },
    postpone: args.postpone,
    exitOnError: args['exit-on-error'],
    env: Object.fromEntries(args.env.map(variableOf)),
    locks: await locksOf(args),
    output: args.json ? 'events' : 'inherit',
    // Not process.stdin: merely asking for it would turn the pipe that the command is to read
    // non-blocking.
    onTerminal: isatty(0),
    colors: args.color === 'always',
  }
}

/** Where the configuration says; it is not read for a command that uses nothing of it. */
async function locksOf(args: Arguments): Promise<CommandWatchOptions['locks']> {
  if (args.uses.length === 0) return []
  const { placesFor } = await import('./known-locks.ts')
  return placesFor(args, args.uses)
}

/** Who asks for another debounce wants it for every change. */
function quietTimes(
  debounce: string | undefined,
): Pick<CommandWatchOptions, 'debounceMs' | 'singleDebounceMs'> {
  if (debounce === undefined) return { debounceMs: 50, singleDebounceMs: 10 }
  const debounceMs = durationOption('--debounce', debounce)
  return { debounceMs, singleDebounceMs: debounceMs }
}

function workingFolder(root: string | undefined): string {
  try {
    return realpathSync(resolve(root ?? '.'))
  } catch {
    throw new Failure('ROOT_NOT_FOUND', `${root ?? '.'} is not a directory; check --root`)
  }
}

function realPath(cwd: string, path: string): string {
  const absolute = resolve(cwd, path)
  return existsSync(absolute) ? realpathSync(absolute) : absolute
}

function extensionOf(text: string): string {
  const extension = text.trim().replace(/^\*?\./, '')
  if (/^[\w.+-]+$/.test(extension)) return extension.replaceAll('+', '\\+')
  throw new Failure('INVALID_EXTENSION', `-e ${text} is no extension; write it as in -e ts,json`)
}

function busyMode(args: Arguments): Pick<CommandWatchOptions, 'onBusy' | 'signal'> {
  const { 'on-busy': chosen, signal } = args
  if (signal !== undefined && chosen !== undefined && chosen !== 'signal') {
    throw new Failure('USAGE', `--signal is sent with --on-busy signal, not with ${chosen}`)
  }
  return {
    onBusy: chosen ?? (signal === undefined ? 'restart' : 'signal'),
    signal: signalOf('--signal', signal ?? 'SIGHUP'),
  }
}

function signalOf(option: string, text: string): NodeJS.Signals {
  const upper = text.toUpperCase()
  const names = [upper, `SIG${upper}`]
  const found = SIGNALS.find(
    (name) => names.includes(name) || `${constants.signals[name]}` === text,
  )
  if (found !== undefined) return found
  throw new Failure(
    'INVALID_SIGNAL',
    `${option} ${text} is no signal of this system; write it as in SIGTERM, TERM or 15`,
  )
}

function variableOf(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new Failure('INVALID_VARIABLE', `--env ${text} is no variable; write it as NAME=VALUE`)
}

function exitCodeOf(end: CommandWatchEnd, signal: NodeJS.Signals | null): number {
  switch (end.reason) {
    case 'asked':
      return signal === null ? exitCodes.ok : exitCodeOfSignal(signal)
    case 'failed':
      return codeOf(end.end)
    case 'not-started':
      throw new Failure('NOT_STARTED', describeEnd(end.end), { exitCode: codeOf(end.end) })
  }
}

/** As a shell reports how a command ended. */
function codeOf(end: End): number {
  switch (end.kind) {
    case 'code':
      return end.code
    case 'signal':
      return 128 + numberOf(end.signal)
    case 'spawn-failed':
      if (end.code === 'ENOENT') return exitCodes.notFound
      return end.code === 'EACCES' ? exitCodes.notExecutable : exitCodes.ownFailure
  }
}

function numberOf(signal: string): number {
  const name = SIGNALS.find((each) => each === signal)
  return name === undefined ? 0 : constants.signals[name]
}
