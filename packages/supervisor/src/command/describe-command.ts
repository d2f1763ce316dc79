import type { Command } from './command.ts'

/** The command as a person would type it, for messages: not for a shell to read. */
export function describeCommand(command: Command): string {
  const { program } = command
  if ('shell' in program) return program.command
  return [program.exec, ...(program.args ?? [])].map(quote).join(' ')
}

function quote(word: string): string {
  return /^[\w./@%+,:=-]+$/.test(word) ? word : JSON.stringify(word)
}
