export type { Clock, ClockTimer } from './clock.ts'
export { createLambdaEmulator } from './emulator.ts'
export type { EmulatorOptions, StartRequest } from './emulator-options.ts'
export {
  InstanceRetiredError,
  LambdaError,
  type LambdaErrorCode,
  StartFailedError,
} from './errors.ts'
export type { InvocationResult, LambdaEvent } from './events.ts'
export type { InvocationCounts } from './host/invocation-ledger.ts'
export type { CorsOptions } from './function-url/cors.ts'
export type { FunctionOptions } from './function-options.ts'
export type { Instance, InstanceExit, InstanceReady } from './instance.ts'
export type { LambdaEmulator, RuntimeApi } from './lambda-emulator.ts'
export type { Phase, RetireReason } from './dispatcher/phase.ts'
export type { EmulatorStats, FunctionStats, InstanceStats } from './stats.ts'
