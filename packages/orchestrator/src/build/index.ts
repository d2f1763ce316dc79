export {
  type BuildTarget,
  buildCommand,
  describeCommand,
  hasBuild,
  jointKey,
} from './build-command.ts'
export { buildKey } from './build-key.ts'
export { CargoFindings } from './cargo-findings.ts'
export { CargoResolution } from './cargo-resolution.ts'
export { type BuildEnd, runBuildProcess } from './build-process.ts'
export { followExecutable } from './follow-executable.ts'
