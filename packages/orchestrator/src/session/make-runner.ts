import { FunctionController, type FunctionEndpoint } from '../invocation/index.ts'
import { RunController, type RunSurroundings, type Runner } from '../run/index.ts'
import type { Hold } from '../state/index.ts'
import { demandFunction } from './demand-function.ts'
import type { Engine } from './engine.ts'
import type { TargetActor } from './target-actor.ts'

export interface MakeRunnerOptions {
  readonly engine: Engine
  readonly actor: TargetActor
  readonly runs: RunSurroundings
  readonly functions: FunctionEndpoint
  /** Why a process of it may not start now. */
  readonly holdOf: () => Hold | null
  readonly onChange: () => void
}

/**
 * What keeps the processes of a target: one for a function, which comes and goes with its callers,
 * another for all else. `null` when it has none, or somebody else starts it.
 */
export function makeRunner(options: MakeRunnerOptions): Runner | null {
  const { engine, actor, runs, functions, holdOf, onChange } = options
  const { target } = actor
  if (target.run === null) return null
  if (target.start === 'external') {
    if (target.invocation !== null) functions.registerExternal(target)
    return null
  }
  if (target.invocation === null)
    return new RunController({ target, around: runs, holdOf, onChange })
  return new FunctionController({
    target,
    around: runs,
    endpoint: functions,
    demand: async (signal, onHold) => demandFunction({ engine, actor, signal, onHold, holdOf }),
    onIdle: () => actor.want(false),
    onChange,
  })
}
