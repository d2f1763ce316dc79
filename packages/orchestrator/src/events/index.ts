export { causeChain } from './cause-chain.ts'
export type { EventBody, EventType, SessionEvent } from './event.ts'
export { EventStream, type Placement } from './event-stream.ts'
