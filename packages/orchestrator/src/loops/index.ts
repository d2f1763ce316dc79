export { CONTROL_QUIET_MS, LoopDetector, type SeenChange, ignoreLineFor } from './loop-detector.ts'
export { QuietTimers } from './quiet-timers.ts'
