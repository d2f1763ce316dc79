export { cleanLine, stripColors } from './clean-line.ts'
export { createLogStore, type LogStore, type LogStoreOptions } from './create-log-store.ts'
export type { LogQuery } from './log-query.ts'
export type { LogRecord } from './log-record.ts'
