export { ControlClient, ControlClientError } from './client.ts'
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
export { ControlServer, type Handlers, RequestError } from './server.ts'
export { ControlSocketError, controlSocketPath } from './socket-path.ts'
