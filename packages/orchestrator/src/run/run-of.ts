import type { Run, Target } from '../configuration/index.ts'

/** The run of a target that has one. */
export function runOf(target: Target): Run {
  if (target.run === null) throw new Error(`${target.name} has no run`)
  return target.run
}
