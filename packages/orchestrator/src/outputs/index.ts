export { currentOutputs } from './current-outputs.ts'
export { DigestCache } from './digest-cache.ts'
export {
  type HashOutputsOptions,
  hashOutputs,
  type OutputsFingerprint,
  sameOutputs,
} from './hash-outputs.ts'
