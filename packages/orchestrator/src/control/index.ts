export { ControlClient, ControlClientError } from './client.ts'
export { type FoundSession, findSession } from './find-session.ts'
export { type Handlers, RequestError } from './handlers.ts'
export {
  type BuildReport,
  type Explanation,
  type Hello,
  type Method,
  type PlanStep,
  PROTOCOL_VERSION,
  type Requests,
  type SessionState,
  type WaitFor,
  type WaitResult,
} from './protocol.ts'
export { ControlServer } from './server.ts'
export { ControlSocketError, controlSocketPath } from './socket-path.ts'
