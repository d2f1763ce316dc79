import { readFileSync } from 'node:fs'

/**
 * Whether the terminal is ours. A job in the background must not touch its settings: the system
 * stops it for that. Where the system does not tell, we take it for ours.
 */
export function isInForeground(): boolean {
  try {
    return leadsTerminal(readFileSync('/proc/self/stat', 'utf8'))
  } catch {
    return true
  }
}

/** Whether a line of `/proc/PID/stat` tells of a process in its terminal's foreground group. */
export function leadsTerminal(stat: string): boolean {
  // The name may hold spaces and parentheses: the last one ends it.
  const [, , group, , terminal, foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return terminal === '0' || group === foreground
}
