import type { ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

import { execa } from 'execa'

import { type CommandWords, commandWords } from '../command/command-words.ts'
import type { Command, CommandOptions } from '../command/command.ts'
import { toProcessEnd } from '../process-end.ts'
import type { ProcessHandle, ProcessListener } from './process-handle.ts'
import { signalsOfRun } from './signals-of-run.ts'
import { spawnFailure } from './spawn-failure.ts'

/** The words of a command, its programs looked up as the child's environment says. */
export function wordsOf(command: Command): CommandWords {
  const { program } = command
  // Only a shell's line is looked into; to copy the environment costs a tenth of a spawn.
  if ('exec' in program) return { file: program.exec, args: program.args ?? [], verbatim: false }
  return commandWords(command, { cwd: cwdOf(command), path: environmentOf(command)['PATH'] })
}

export function cwdOf(command: Command): string {
  return command.options?.cwd ?? process.cwd()
}

export function environmentOf(command: Command): Readonly<Record<string, string | undefined>> {
  const { env, extendEnv = true } = command.options ?? {}
  return extendEnv ? { ...process.env, ...env } : { ...env }
}

/** What a spawn has come to: a process, or the reason why there is none. */
export type Spawning =
  | { readonly handle: ProcessHandle; readonly child: ChildProcess }
  | { readonly failure: Promise<never> }

/** Spawns these words with the options of the command. `extra` opens one more pipe, descriptor 3. */
export function spawnWords(
  command: Command,
  words: CommandWords,
  listener: ProcessListener,
  extra: readonly ['pipe'] | readonly [] = [],
): Spawning {
  const options = command.options ?? {}
  const { group = true, reap = 'group' } = options
  const subprocess = execa(words.file, words.args, {
    ...inheritedOptions(options),
    stdio: [
      options.stdin ?? 'ignore',
      options.stdout ?? 'pipe',
      options.stderr ?? 'pipe',
      ...extra,
    ],
    detached: group,
    windowsVerbatimArguments: words.verbatim,
    // The job reads the streams and looks after the end by itself.
    buffer: false,
    reject: false,
    cleanup: false,
    stripFinalNewline: false,
  })
  const child = subprocess.nodeChildProcess
  const { pid } = child
  if (pid === undefined) {
    return {
      failure: subprocess.then(({ cause, code }) => {
        throw spawnFailure(command, programOf(command, words), cwdOf(command), code, cause)
      }),
    }
  }
  child.once('exit', (code, signal) => listener.leaderEnded(toProcessEnd(code, signal)))
  child.on('error', (error) => listener.troubled(error))
  return { child, handle: handleOf(child, pid, { group, reap }) }
}

/** The name that a message about a missing program should name. */
function programOf(command: Command, words: CommandWords): string {
  return 'shell' in command.program ? command.program.shell : words.file
}

function inheritedOptions(
  options: CommandOptions,
): Pick<CommandOptions, 'cwd' | 'extendEnv' | 'env'> {
  return {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.extendEnv === undefined ? {} : { extendEnv: options.extendEnv }),
    // Node leaves out variables whose value is undefined, which is how one is removed.
    ...(options.env === undefined ? {} : { env: options.env }),
  }
}

function handleOf(
  child: ChildProcess,
  pid: number,
  options: { readonly group: boolean; readonly reap: 'group' | 'leader' },
): ProcessHandle {
  return {
    pid,
    stdin: withoutBrokenPipe(child.stdin),
    stdout: withoutBrokenPipe(child.stdout),
    stderr: withoutBrokenPipe(child.stderr),
    ...signalsOfRun(child, pid, options),
  }
}

// A process may close its end of a pipe, or be killed, at any time: that ends the stream, and is no
// error of ours. Without a listener it would end our process.
function withoutBrokenPipe<Stream extends Readable | Writable>(
  stream: Stream | null,
): Stream | undefined {
  stream?.on('error', () => {})
  return stream ?? undefined
}
