export { type BuildOnceOptions, type BuildOnceResult, buildOnce } from './build-once.ts'
export { explainPath, planOnce } from './explain-path.ts'
export { readLogHistory } from './log-history.ts'
