import { ProcTable } from './proc-table.ts'
import type { ProcessTable } from './process-table.ts'
import { PsTable } from './ps-table.ts'

/** The process table of the system we run on. */
export function systemProcessTable(platform: NodeJS.Platform = process.platform): ProcessTable {
  return platform === 'linux' || platform === 'android' ? new ProcTable() : new PsTable()
}
