import type { Target } from '../configuration/index.ts'
import { type OutputsFingerprint, sameOutputs } from '../outputs/index.ts'

/** What a process was started from, to tell whether a later build made another program. */
export interface Program {
  /** The run, its environment and its directory, as one text. */
  readonly definition: string
  readonly outputs: OutputsFingerprint
}

export const programOf = ({ run, env, cwd }: Target, outputs: OutputsFingerprint): Program => ({
  definition: JSON.stringify([run, env, cwd]),
  outputs,
})

/** Whether a process of the one is as good as a process of the other. */
export const sameProgram = (a: Program, b: Program): boolean =>
  a.definition === b.definition && sameOutputs(a.outputs, b.outputs)
