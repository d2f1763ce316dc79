export { cargoLockFiles } from './cargo-lock-files.ts'
export { LockAttribution } from './lock-attribution.ts'
