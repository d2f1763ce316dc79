import { type ChildProcess, execFile } from 'node:child_process'
import { join } from 'node:path'

import type { SignalsOfRun } from './signals-of-run.ts'

/**
 * Windows has neither process groups nor signals; written with care, not tested there.
 *
 * - SIGKILL ends the tree below the process (`taskkill /T /F`), or the process alone.
 * - SIGTERM, SIGINT, SIGHUP, SIGQUIT and SIGBREAK ask the tree to close (`taskkill /T`), which programs with a window
 *   heed and most console programs do not: the grace period then ends with SIGKILL.
 * - SIGCONT does nothing. Any other signal fails with `ENOSYS`.
 * - Once the process itself has ended, its descendants cannot be found any more, so a run is over
 *   when the leader is.
 */
export function windowsTree(child: ChildProcess, pid: number, group: boolean): SignalsOfRun {
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  return {
    signal: (signal) => {
      if (hasEnded()) return 'gone'
      const force = isForce(signal)
      if (force === undefined) return 'sent'
      if (!group) {
        child.kill(signal)
        return 'sent'
      }
      const args = ['/pid', String(pid), '/t', ...(force ? ['/f'] : [])]
      execFile(taskkill(), args, { windowsHide: true }, (error) => {
        // Where taskkill is missing or may not, the process itself can still be ended.
        if (error !== null && force) child.kill('SIGKILL')
      })
      return 'sent'
    },
    survivors: () => (hasEnded() ? [] : [pid]),
  }
}

/** `undefined`: nothing to do. */
function isForce(signal: NodeJS.Signals): boolean | undefined {
  switch (signal) {
    case 'SIGKILL':
      return true
    case 'SIGTERM':
    case 'SIGINT':
    case 'SIGHUP':
    case 'SIGQUIT':
    case 'SIGBREAK':
      return false
    case 'SIGCONT':
      return undefined
    default:
      throw Object.assign(new Error(`Windows has no ${signal}`), { code: 'ENOSYS' })
  }
}

function taskkill(): string {
  return join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'taskkill.exe')
}
