export type { FakeBehavior, FakeMember, SignalReaction } from './testing/fake-behavior.ts'
export { type FakeProcess, FakeProcesses, type SignalRecord } from './testing/fake-processes.ts'
export { ManualClock } from './testing/manual-clock.ts'
