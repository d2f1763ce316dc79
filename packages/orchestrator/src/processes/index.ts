export {
  type EndMarkedOptions,
  type EndMarkedResult,
  type RecordedGroup,
  type RemainingProcess,
  endMarked,
} from './end-marked.ts'
export { leadsItsGroup } from './leads-its-group.ts'
export { printableCommand } from './printable-command.ts'
export {
  type LockHolder,
  type MarkedProcess,
  type OpenFiles,
  type PortListener,
  type ProcessIdentity,
  type ProcessTable,
} from './process-table.ts'
export { endStrays, straysOf } from './strays.ts'
export { systemProcessTable } from './system-process-table.ts'
export { starterName } from './starter-name.ts'
