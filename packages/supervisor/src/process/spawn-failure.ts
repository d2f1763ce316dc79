import { statSync } from 'node:fs'

import type { Command } from '../command/command.ts'
import { describeCommand } from '../command/describe-command.ts'
import { errnoOf } from '../errno.ts'
import { SpawnError } from '../errors.ts'

/** Says what could not be started, where, and what to do about it. */
export function spawnFailure(
  command: Command,
  file: string,
  cwd: string,
  errno: string | undefined,
  cause?: unknown,
): SpawnError {
  const description = describeCommand(command)
  const message = `cannot start ${shorten(description)} in ${cwd}: ${reason(file, cwd, errno, cause)}`
  return new SpawnError(message, { command: description, cwd, errno, cause })
}

function reason(file: string, cwd: string, errno: string | undefined, cause: unknown): string {
  const cwdProblem = problemWithCwd(cwd)
  if (cwdProblem !== undefined) return cwdProblem
  switch (errno) {
    case 'ENOENT':
      return file.includes('/')
        ? `${file}, or the interpreter its first line names, does not exist; check the path`
        : `there is no program named ${file} on PATH; check the spelling, or give its path`
    case 'EACCES':
      return `${file} is not a program that may be executed; try chmod +x`
    case 'E2BIG':
      return 'the arguments and the environment are longer than the system allows; pass them in a file'
    case 'EMFILE':
    case 'ENFILE':
      return 'too many files are open; raise the limit (ulimit -n) or run fewer programs at once'
    case 'EAGAIN':
      return 'the system allows no further process now; raise the limit (ulimit -u) or try again'
    case 'ETXTBSY':
      return `${file} is still being written; try again when its build has ended`
    default:
      return cause instanceof Error ? cause.message : (errno ?? String(cause))
  }
}

function problemWithCwd(cwd: string): string | undefined {
  try {
    return statSync(cwd).isDirectory() ? undefined : 'that is not a directory'
  } catch (error) {
    const code = errnoOf(error)
    return code === 'ENOENT' ? 'that directory does not exist' : `that directory: ${code}`
  }
}

/** A command of a megabyte is a failure to be explained too, in less than a megabyte. */
function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`
}
