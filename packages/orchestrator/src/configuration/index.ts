export { DEFAULT_IGNORE } from './default-ignore.ts'
export {
  type DetectOptions,
  type DetectionResult,
  detectWorkspace,
} from './detect/detect-workspace.ts'
export {
  type TargetChanges,
  type TargetDifference,
  type WorkspaceDifference,
  diffWorkspaces,
} from './diff-workspaces.ts'
export { explainConfiguration } from './explain-configuration.ts'
export type { CommandOutput, CommandRunner } from './presets/command-runner.ts'
export { describeProblem } from './describe-problem.ts'
export { type LoadConfigurationOptions, loadConfiguration } from './load-configuration.ts'
export type { ConfigurationFlags } from './layers/overrides.ts'
export {
  type ResolveRootOptions,
  RootError,
  localFileOf,
  resolveRoot,
} from './root/resolve-root.ts'
export { escapeGlob } from './resolve/globs.ts'
export { configurationSchema } from './schema/configuration-schema.ts'
export { nearestName } from './schema/nearest-name.ts'
export { parseDuration } from './schema/duration.ts'
export type * from './workspace.ts'
