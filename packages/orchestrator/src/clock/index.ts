export { seenByTimeOfDay } from './time-of-day.ts'
