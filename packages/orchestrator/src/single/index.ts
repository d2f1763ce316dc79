export type {
  CommandWatchEnd,
  CommandWatchEvent,
  CommandWatchEventBody,
} from './command-watch-event.ts'
export type { CommandWatch, CommandWatchOptions } from './command-watch.ts'
export type { OnBusy } from './decide.ts'
export { watchCommand } from './watch-command.ts'
