export type { Clock, SubscribeToLines } from './readiness-check.ts'
export {
  type ReadinessResult,
  waitUntilReady,
  type WaitUntilReadyOptions,
} from './wait-until-ready.ts'
