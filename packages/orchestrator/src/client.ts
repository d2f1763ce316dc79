/**
 * What it takes to ask a session, and nothing of what it takes to be one: a program that asks one
 * question and ends loads no watcher, no schema and no scheduler.
 */
export {
  type ResolveRootOptions,
  RootError,
  resolveRoot,
} from './configuration/root/resolve-root.ts'
export { parseDuration } from './configuration/schema/duration.ts'
export { nearestName } from './configuration/schema/nearest-name.ts'
export { ControlClient, ControlClientError } from './control/client.ts'
export { type FoundSession, findSession } from './control/find-session.ts'
export {
  type BuildReport,
  type Explanation,
  type Hello,
  type Method,
  PROTOCOL_VERSION,
  type PlanStep,
  type Requests,
  type SessionState,
  type WaitFor,
  type WaitResult,
} from './control/protocol.ts'
export { ControlSocketError, controlSocketPath } from './control/socket-path.ts'
export { causeChain } from './events/cause-chain.ts'
export type { EventBody, EventType, SessionEvent } from './events/event.ts'
export type { LogRecord } from './logs/log-record.ts'
export { leadsItsGroup } from './processes/leads-its-group.ts'
export { describeEnd, describeRevival } from './state/describe-end.ts'
export type * from './state/target-state.ts'
export type { Settlement } from './state/settled.ts'
