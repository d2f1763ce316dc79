import { basename } from 'node:path'

import type { Command, ShellProgram } from './command.ts'
import { findProgram } from './find-program.ts'
import { isReplaceableShellLine } from './replaceable-shell.ts'

/** A program and its arguments, ready to be spawned without a shell. */
export interface CommandWords {
  readonly file: string
  readonly args: readonly string[]
  /** Windows: the arguments are passed on as they are, because `cmd` has no quoting rules. */
  readonly verbatim: boolean
}

/**
 * The words of a command. `where` says where its programs are looked up, which decides whether a
 * shell may be replaced by the one program of its line.
 */
export function commandWords(
  command: Command,
  where: { readonly cwd: string; readonly path: string | undefined },
): CommandWords {
  const { program } = command
  if ('exec' in program) return { file: program.exec, args: program.args ?? [], verbatim: false }
  return shellWords(program, (word) => 'file' in findProgram(word, where))
}

function shellWords(program: ShellProgram, isProgram: (word: string) => boolean): CommandWords {
  const args = program.args ?? []
  const before = program.shellOptions ?? []
  const name = basename(program.shell.replaceAll('\\', '/')).replace(/\.exe$/i, '')
  switch (name) {
    case 'cmd':
      return {
        file: program.shell,
        args: [...before, '/d', '/s', '/c', `"${program.command}"`, ...args],
        verbatim: true,
      }
    case 'powershell':
    case 'pwsh':
      return {
        file: program.shell,
        args: [...before, '-Command', program.command, ...args],
        verbatim: false,
      }
    default: {
      const line = isReplaceableShellLine(program.command, isProgram)
        ? `exec ${program.command}`
        : program.command
      return { file: program.shell, args: [...before, '-c', line, ...args], verbatim: false }
    }
  }
}
