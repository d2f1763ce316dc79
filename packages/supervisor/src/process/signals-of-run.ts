import type { ChildProcess } from 'node:child_process'

import { errnoOf } from '../errno.ts'
import { GroupMembers } from './group-members.ts'
import type { ProcessHandle } from './process-handle.ts'
import { windowsTree } from './windows-tree.ts'

/** The part of a process handle that differs between a group, a lone process and Windows. */
export type SignalsOfRun = Pick<ProcessHandle, 'signal' | 'survivors'>

export function signalsOfRun(
  child: ChildProcess,
  pid: number,
  options: { readonly group: boolean; readonly reap: 'group' | 'leader' },
): SignalsOfRun {
  if (process.platform === 'win32') return windowsTree(child, pid, options.group)
  return options.group ? processGroup(child, pid, options.reap) : loneProcess(child, pid)
}

function processGroup(child: ChildProcess, pid: number, reap: 'group' | 'leader'): SignalsOfRun {
  const members = new GroupMembers(pid)
  return {
    // The whole group: a shell's own children never see a signal that is sent to the shell.
    signal: (signal) => sendSignal(-pid, signal),
    survivors: () => {
      if (reap === 'leader') return hasEnded(child) ? [] : [pid]
      return members.living()
    },
  }
}

function loneProcess(child: ChildProcess, pid: number): SignalsOfRun {
  return {
    // Once its status has been collected, its pid may already be another's.
    signal: (signal) => (hasEnded(child) ? 'gone' : sendSignal(pid, signal)),
    survivors: () => (hasEnded(child) ? [] : [pid]),
  }
}

function sendSignal(target: number, signal: NodeJS.Signals): 'sent' | 'gone' {
  try {
    process.kill(target, signal)
    return 'sent'
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return 'gone'
    throw error
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
