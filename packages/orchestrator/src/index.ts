export * from './command.ts'
export {
  type Build,
  type CommandLine,
  type ConfigurationResult,
  type Dependency,
  type DetectionResult,
  type Problem,
  type Resource,
  type Run,
  type Setting,
  type Target,
  type Workspace,
  RootError,
  configurationSchema,
  diffWorkspaces,
  describeProblem,
  detectWorkspace,
  explainConfiguration,
  loadConfiguration,
  nearestName,
  parseDuration,
  resolveRoot,
} from './configuration/index.ts'
export {
  type BuildReport,
  ControlClient,
  ControlClientError,
  ControlSocketError,
  type Explanation,
  type FoundSession,
  type Hello,
  PROTOCOL_VERSION,
  type PlanStep,
  type Requests,
  type SessionState,
  type WaitFor,
  type WaitResult,
  controlSocketPath,
  findSession,
} from './control/index.ts'
export type { Diagnostic } from './diagnostics/index.ts'
export { type Finding, examine } from './doctor/index.ts'
export {
  type EventBody,
  type EventType,
  EventStream,
  type SessionEvent,
  causeChain,
} from './events/index.ts'
export type { LogRecord } from './logs/index.ts'
export { leadsItsGroup } from './processes/index.ts'
export {
  type BuildOnceOptions,
  type BuildOnceResult,
  buildOnce,
  explainPath,
  planOnce,
  readLogHistory,
} from './once/index.ts'
export {
  type Session,
  type SessionEnd,
  SessionHeldError,
  type SessionHolder,
  type SessionOptions,
  createSession,
} from './session/index.ts'
export {
  type BuildState,
  type FunctionState,
  type Hold,
  type Phase,
  type RunState,
  type Settlement,
  type StopReason,
  type TargetState,
  describeEnd,
  describeRevival,
  settlementOf,
} from './state/index.ts'
