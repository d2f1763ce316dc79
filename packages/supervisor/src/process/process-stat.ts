/** What a line of `/proc/<pid>/stat` says about membership and life. */
export interface ProcessStat {
  readonly processGroup: number
  readonly isAlive: boolean
}

/**
 * Reads a `/proc/<pid>/stat` line. The name in parentheses may itself hold spaces and parentheses,
 * so the fields are counted from the last one.
 *
 * A zombie (`Z`) is not alive, unless it has more than one thread: then only its first thread has
 * ended, and the others go on, with the files and sockets of the process open.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function parseProcessStat(line: string): ProcessStat | undefined {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const [state, , processGroup] = fields
  const threads = fields[17]
  if (state === undefined || processGroup === undefined || threads === undefined) return undefined
  const isDead = state === 'X' || state === 'x' || (state === 'Z' && Number(threads) <= 1)
  return { processGroup: Number(processGroup), isAlive: !isDead }
}
