export type { RecordedStop, WatchdogEntry } from './entry.ts'
export { Journal, reapPredecessor } from './journal.ts'
export { Watchdog } from './watchdog.ts'
