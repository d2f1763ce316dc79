export type { RecordedStop, WatchdogEntry } from './entry.ts'
export { Journal } from './journal.ts'
export { readJournal, reapPredecessor } from './predecessor.ts'
export { Watchdog } from './watchdog.ts'
