export type {
  Backend,
  BackendSink,
  DirectoryBackend,
  DirectoryBackendSession,
  DirectoryWatch,
  RecursiveBackend,
  RecursiveBackendSession,
  RecursiveScope,
  SilentBackend,
} from './backend/backend.ts'
export type { Clock, Timer } from './clock.ts'
export { createWatcher } from './create-watcher.ts'
export {
  DuplicateTargetError,
  InvalidOptionError,
  WatcherClosedError,
  WatcherThreadError,
} from './errors.ts'
export type {
  BackendName,
  Batch,
  Change,
  EntryType,
  Explanation,
  IgnoredBy,
  Stats,
  Target,
  TargetDef,
  Watcher,
  WatcherOptions,
} from './options.ts'
export type {
  BackendFailedWarning,
  ForeignFileSystemWarning,
  HandlerFailedWarning,
  LimitWarning,
  LoopWarning,
  LossCause,
  RescanWarning,
  RootWarning,
  SnapshotWarning,
  ThreadEndedWarning,
  ThreadHangsWarning,
  UnreadableWarning,
  WatcherWarning,
} from './warnings.ts'
