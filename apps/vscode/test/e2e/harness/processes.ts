import { readFileSync, readdirSync } from 'node:fs'

/** Whether a process exists and is no zombie. */
export function isAlive(pid: number): boolean {
  const stat = statOf(pid)
  return stat !== null && stat[0] !== 'Z'
}

/** The extension hosts of a server: the processes of its group that say so. */
export function extensionHosts(server: number): readonly number[] {
  return allProcesses().filter(
    (pid) => commandLine(pid).includes('--type=extensionHost') && groupOf(pid) === server,
  )
}

export const allProcesses = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)

/** The arguments of a process, apart by NUL; empty when it has gone. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

function groupOf(pid: number): number | null {
  const group = statOf(pid)?.[2]
  return group === undefined ? null : Number(group)
}

/** The fields of `/proc/PID/stat` after the name: the state, the parent, the group. */
function statOf(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}
