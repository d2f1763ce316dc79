import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** A process as the system tells of it. Its id alone says nothing once it is gone; its start does. */
export interface Process {
  readonly pid: number
  readonly parent: number
  /** Ticks since boot. */
  readonly startedAt: number
  readonly command: string
  /** A process that has ended and was not collected is no longer alive. */
  readonly isZombie: boolean
  /** User and system time in ms, of itself alone. */
  readonly cpuMs: number
}

/** Linux counts in hundredths of a second, whatever the kernel's own clock. */
const TICK_MS = 10

/** Every process that can be read. Linux only. */
export function readProcesses(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readProcess(Number(pid)) ?? [])
}

export function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    return parseStat(stat, command)
  } catch {
    // It ended between the listing and the look.
    return undefined
  }
}

/** Reads `/proc/PID/stat`. The name in parentheses may itself hold parentheses and spaces. */
export function parseStat(stat: string, command: string): Process {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const at = (index: number): number => Number(fields[index])
  return {
    pid: Number.parseInt(stat, 10),
    parent: at(1),
    startedAt: at(19),
    command,
    isZombie: fields[0] === 'Z',
    cpuMs: (at(11) + at(12)) * TICK_MS,
  }
}

/**
 * The living processes of a tool: those that it was started as, all that descend from them, and
 * what runs in its folder, whoever is its parent by now.
 */
export function familyOf(
  table: readonly Process[],
  roots: ReadonlySet<number>,
  folder: string,
): readonly Process[] {
  const children = new Map<number, Process[]>()
  for (const process of table) {
    children.set(process.parent, [...(children.get(process.parent) ?? []), process])
  }
  const found = new Map<number, Process>()
  const take = (process: Process): void => {
    if (found.has(process.pid)) return
    found.set(process.pid, process)
    for (const child of children.get(process.pid) ?? []) take(child)
  }
  for (const process of table) {
    if (roots.has(process.pid) || runsIn(process, folder)) take(process)
  }
  return [...found.values()].filter(({ isZombie }) => !isZombie)
}

/** Those that are still there, and are still who they were. */
export function survivorsOf(processes: readonly Process[]): readonly Process[] {
  return processes.filter(({ pid, startedAt }) => {
    const now = readProcess(pid)
    return now !== undefined && !now.isZombie && now.startedAt === startedAt
  })
}

function runsIn({ pid, command }: Process, folder: string): boolean {
  if (command.includes(folder)) return true
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`)
    return cwd === folder || cwd.startsWith(`${folder}/`)
  } catch {
    return false
  }
}
