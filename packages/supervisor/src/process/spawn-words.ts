import type { ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

import spawn from 'cross-spawn'

import { type CommandWords, commandWords } from '../command/command-words.ts'
import type { Command } from '../command/command.ts'
import { errnoOf } from '../errno.ts'
import type { SpawnError } from '../errors.ts'
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
  const file = programOf(command, words)
  let child: ChildProcess
  try {
    child = spawn(words.file, words.args, {
      cwd: options.cwd,
      env: environmentOf(command),
      stdio: [
        options.stdin ?? 'ignore',
        options.stdout ?? 'pipe',
        options.stderr ?? 'pipe',
        ...extra,
      ],
      detached: group,
      windowsHide: true,
      windowsVerbatimArguments: words.verbatim,
    })
  } catch (error) {
    // Some refusals of the system are thrown (E2BIG), others told later (ENOENT).
    return { failure: Promise.reject(failureOf(command, file, error)) }
  }
  const { pid } = child
  if (pid === undefined) {
    return {
      failure: new Promise((_, reject) => {
        child.once('error', (error) => reject(failureOf(command, file, error)))
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

function failureOf(command: Command, file: string, error: unknown): SpawnError {
  return spawnFailure(command, file, cwdOf(command), errnoOf(error), error)
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
