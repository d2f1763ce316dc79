import { systemProcessTable } from './system-process-table.ts'

/** Whether a process is the leader of its process group, as a job of an interactive shell is. */
export function leadsItsGroup(pid: number): boolean {
  return systemProcessTable().groupMembers(pid).includes(pid)
}
