import type { Need } from './demand.ts'

/** Tasks with one key may share a run; at most `max` of them. */
export interface JointRule {
  readonly key: string
  readonly max: number
}

/** The part of a submit of which the latest one counts. Most tasks with the same needs share one. */
export interface Definition {
  readonly needs: readonly Need[]
  readonly dependsOn: readonly string[]
  readonly joint: JointRule | undefined
  readonly acquires: boolean
  readonly timeoutMs: number | undefined
}

const nothing: readonly never[] = []

/** The definition of tasks that have these needs and nothing else to them. */
export function plainDefinition(needs: readonly Need[]): Definition {
  return { needs, dependsOn: nothing, joint: undefined, acquires: false, timeoutMs: undefined }
}

/** Whether there is nothing to a task but its needs. */
export function isPlain(definition: Omit<Definition, 'needs'>): boolean {
  const { dependsOn, joint, acquires, timeoutMs } = definition
  return joint === undefined && !acquires && timeoutMs === undefined && dependsOn.length === 0
}
