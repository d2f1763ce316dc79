import { basename } from 'node:path'

import { type BuildTarget, CargoResolution, hasBuild } from '../build/index.ts'
import type { Target } from '../configuration/index.ts'
import type { TargetActor } from './target-actor.ts'

/** The targets that one command builds. */
export type Members = readonly [TargetActor, ...TargetActor[]]

export type BuildTargets = readonly [BuildTarget, ...BuildTarget[]]

/** What came of one member of a build. */
export type MemberOutcome =
  | { readonly kind: 'succeeded'; readonly outputsChanged: boolean; readonly cause: number }
  | { readonly kind: 'failed' }
  | { readonly kind: 'aborted' }
  /** A joint build failed without saying whose fault it was. */
  | { readonly kind: 'no-verdict' }

export function buildTarget({ name, target }: TargetActor): BuildTarget {
  if (!hasBuild(target)) throw new Error(`${name} has no build`)
  return target
}

export function buildTargets([first, ...others]: Members): BuildTargets {
  return [buildTarget(first), ...others.map(buildTarget)]
}

/** Whether its build speaks in cargo's messages. */
export function isCargo({ build }: Target): boolean {
  return build?.diagnostics.kind === 'named' && build.diagnostics.name === 'cargo'
}

/** What is seen of a build of cargo while it goes on; `null` for a build by anything else. */
export function resolutionOf(target: Target, root: string): CargoResolution | null {
  const { build, cwd } = target
  const program = build?.command.kind === 'exec' ? basename(build.command.argv[0], '.exe') : null
  return isCargo(target) || program === 'cargo' ? new CargoResolution(cwd, root) : null
}

/** A joint command gets only the variables on which all its members agree. */
export function sharedVariables([first, ...others]: BuildTargets): Record<string, string> {
  return Object.fromEntries(
    Object.entries(first.env).filter(([name, value]) =>
      others.every((other) => other.env[name] === value),
    ),
  )
}
