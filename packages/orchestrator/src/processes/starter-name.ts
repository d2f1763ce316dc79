import { printableCommand } from './printable-command.ts'
import { readProc } from './proc-file.ts'
import { parseProcStat } from './proc-stat.ts'

/** Programs that start others on behalf of people say nothing about who wanted it. */
const ANONYMOUS = new Set(['sh', 'bash', 'zsh', 'fish', 'dash', 'init', 'systemd', 'tmux', 'node'])

/**
 * The name of the program that started a process, such as `rust-analyzer`; `null` when it is a
 * shell or the like, is gone, or the system does not tell (anywhere but on Linux).
 */
export function starterName(pid: number): string | null {
  const parent = stat(pid)?.parent ?? 0
  if (parent <= 1 || parent === process.pid) return null
  const name = printableCommand([stat(parent)?.name ?? ''])
  return name === '' || ANONYMOUS.has(name) ? null : name
}

function stat(pid: number): ReturnType<typeof parseProcStat> {
  return parseProcStat(readProc(`/proc/${pid}/stat`) ?? '')
}
