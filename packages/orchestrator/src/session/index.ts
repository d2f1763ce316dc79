export type { Session, SessionEnd, SessionOptions } from './session.ts'
export { SessionHeldError, type SessionHolder } from './session-errors.ts'
export { createSession } from './start-session.ts'
