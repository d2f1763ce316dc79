import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

import type { CommandLine } from '../configuration/workspace.ts'
import { cleanLine, stripColors } from '../logs/index.ts'
import type { Attempt, CheckContext } from './readiness-check.ts'

// A check that hangs is ended and tried again.
const attemptTimeoutMs = 10_000
// Of what a check prints the end is kept, to say why it failed.
const keptCharacters = 2_000

interface CommandContext extends CheckContext {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
}

/**
 * Whether a command exits with 0. It runs in a process group of its own, which is ended with
 * SIGKILL when the signal aborts, when it takes too long, and when it leaves something behind.
 */
export async function checkCommand(
  command: CommandLine,
  { cwd, env, signal }: CommandContext,
): Promise<Attempt> {
  const [program, ...args] = argumentsOf(command)
  const limit = AbortSignal.timeout(attemptTimeoutMs)
  const stop = AbortSignal.any([signal, limit])
  const child = spawn(program, args, {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const end = (): void => endGroup(child)
  stop.addEventListener('abort', end, { once: true })
  const output = lastOutput(child)
  try {
    if (stop.aborted) end()
    await once(child, 'exit')
    const { exitCode, signalCode } = child
    if (exitCode === 0) return { kind: 'ready' }
    const how = exitCode === null ? `was ended by ${signalCode}` : `exited with ${exitCode}`
    if (limit.aborted) return notYet(program, `did not end within ${attemptTimeoutMs / 1000} s`)
    return notYet(program, `${how}${output()}`)
  } catch (error) {
    return notYet(program, `cannot be started: ${error instanceof Error ? error.message : ''}`)
  } finally {
    stop.removeEventListener('abort', end)
    end()
    child.stdout.destroy()
    child.stderr.destroy()
  }
}

function argumentsOf(command: CommandLine): readonly [string, ...string[]] {
  if (command.kind === 'exec') return command.argv
  return process.platform === 'win32'
    ? ['cmd.exe', '/d', '/s', '/c', command.line]
    : ['sh', '-c', command.line]
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The group is empty.
  }
}

function lastOutput(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-keptCharacters)
    })
  }
  return () => {
    const lines = text.split('\n').map((line) => stripColors(cleanLine(line)).trim())
    const last = lines.findLast((line) => line !== '')
    return last === undefined ? '' : `: ${last}`
  }
}

function notYet(program: string, what: string): Attempt {
  return { kind: 'not-yet', detail: `the check ${program} ${what}` }
}
