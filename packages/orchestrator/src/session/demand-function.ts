import { StartFailedError } from '@singletrack/lambda'

import { dependencyFailure, startVerdict } from '../invocation/index.ts'
import type { Hold } from '../state/index.ts'
import type { Engine } from './engine.ts'
import type { TargetActor } from './target-actor.ts'

export interface DemandOptions {
  readonly engine: Engine
  readonly actor: TargetActor
  readonly signal: AbortSignal
  readonly holdOf: () => Hold | null
  /** Told what it waits for beside builds, and `null` when that is over. */
  readonly onHold: (hold: Hold | null) => void
}

/**
 * Builds a function and what it depends on because somebody waits for it: it goes before what
 * nobody waits for. Resolves when a process of it may start.
 *
 * @throws {StartFailedError} what its callers are answered with when it cannot be built.
 */
export async function demandFunction(options: DemandOptions): Promise<void> {
  const { engine, actor, signal, holdOf, onHold } = options
  using _attention = engine.queue.awaitedBy(actor.name)
  engine.start([actor.name], 'invoked')
  let shown: string | null = null
  const verdict = await engine.tracker.until(() => {
    const now = startVerdict(
      actor.state(),
      holdOf(),
      dependencyFailure(actor.target.dependsOn, (name) => engine.actor(name)?.state()),
    )
    if (now.kind !== 'wait') return now
    const text = now.hold?.text ?? null
    if (text !== shown) {
      shown = text
      onHold(now.hold)
    }
    return null
  }, signal)
  if (verdict === 'aborted') throw signal.reason
  if (shown !== null) onHold(null)
  if (verdict.kind === 'refuse') throw new StartFailedError(verdict.errorType, verdict.message)
}
