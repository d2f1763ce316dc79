/** What `/proc/PID/stat` tells, as far as it is used here (see proc_pid_stat(5)). */
export interface ProcStat {
  readonly pid: number
  readonly name: string
  readonly state: string
  readonly parent: number
  readonly pgid: number
  readonly threads: number
  /** Clock ticks since boot. */
  readonly startTicks: number
}

/** Reads one line of `/proc/PID/stat`; `null` for anything that is not one. */
export function parseProcStat(text: string): ProcStat | null {
  const open = text.indexOf('(')
  // The name may hold spaces and parentheses of its own: the last one ends it.
  const close = text.lastIndexOf(')')
  if (open < 0 || close < open) return null
  const fields = text.slice(close + 2).split(' ')
  const [state, parent, pgid] = fields
  const stat = {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close),
    state: state ?? '',
    parent: Number(parent),
    pgid: Number(pgid),
    threads: Number(fields[17]),
    startTicks: Number(fields[19]),
  }
  return Number.isFinite(stat.pid + stat.pgid + stat.threads + stat.startTicks) ? stat : null
}

/** Zombies and the dead do not run; a zombie leader whose threads go on does. */
export function isRunning(stat: ProcStat): boolean {
  switch (stat.state) {
    case 'Z':
      return stat.threads > 1
    case 'X':
    case 'x':
      return false
    default:
      return true
  }
}
