/**
 * What it takes to watch files and run one command, and nothing of what it takes to be a session: a
 * program that restarts one server loads no schema and no scheduler.
 */
export {
  type CommandWatch,
  type CommandWatchEnd,
  type CommandWatchEvent,
  type CommandWatchOptions,
  type OnBusy,
  watchCommand,
} from './single/index.ts'
export type { End } from './state/index.ts'
