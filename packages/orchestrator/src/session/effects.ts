import type { Target } from '../configuration/index.ts'
import type { TargetState } from '../state/index.ts'

/** What a change of a target's files means for it. */
export type ChangeEffect =
  /** Build it; its run follows the build. */
  | 'build'
  /** It is not built: its process is replaced. */
  | 'restart'
  /** It has neither: those that depend on it have changed. */
  | 'pass-on'
  /** Nobody has started it; the change counts when somebody does. */
  | 'remember'

/** Decides from the definition and whether anybody wants the target. */
export function effectOfChange(target: Target, wanted: boolean): ChangeEffect {
  if (target.build === null && target.run === null) return 'pass-on'
  if (!wanted) return 'remember'
  if (target.build !== null) return 'build'
  return target.start === 'external' ? 'remember' : 'restart'
}

/** What a good build means for the run of its target. */
export type BuildEffect =
  | 'nothing-to-run'
  /** A dependency has changed since the build began: what was built may be stale already. */
  | 'wait-for-dependency'
  /** The very same program runs already. */
  | 'keep'
  | 'replace'

/**
 * A run is kept only if it is alive and ready with the same outputs, command and environment;
 * everything else is replaced, also one that has crashed.
 */
export function effectOfBuild(facts: {
  readonly hasRun: boolean
  readonly dependenciesMoved: boolean
  readonly run: TargetState['run']
  readonly sameProgram: boolean
}): BuildEffect {
  if (!facts.hasRun) return 'nothing-to-run'
  if (facts.dependenciesMoved) return 'wait-for-dependency'
  return facts.sameProgram && facts.run.kind === 'ready' ? 'keep' : 'replace'
}
