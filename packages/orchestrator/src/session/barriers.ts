import type { BuildReport, WaitFor, WaitResult } from '../control/index.ts'
import { settlementOf } from '../state/index.ts'
import { buildReport, waitVerdict } from './answers.ts'
import type { Engine } from './engine.ts'
import type { FileWatch } from './file-watch.ts'
import { knownTargets } from './known-targets.ts'

/**
 * What is waited for. Each wait first makes sure that every change made before it has been seen, so
 * that its answer is true of what was saved.
 */
export class Barriers {
  readonly #engine: Engine
  readonly #watch: FileWatch

  constructor(engine: Engine, watch: FileWatch) {
    this.#engine = engine
    this.#watch = watch
  }

  /** See {@link Session.build}. */
  async build(
    targets: readonly string[],
    { fresh, signal }: { readonly fresh: boolean; readonly signal: AbortSignal },
  ): Promise<readonly BuildReport[]> {
    const engine = this.#engine
    await this.#watch.sync()
    const { workspace } = engine
    const names = targets.length > 0 ? targets : [...workspace.targets.keys()]
    const before = new Map(engine.states().map((state) => [state.name, state.build]))
    const asked = engine.build(knownTargets(workspace, names), fresh)
    const reports = await engine.tracker.until(() => {
      const found = asked.map((name) => {
        const state = engine.actor(name)?.state()
        return state === undefined ? null : buildReport(state, state.build !== before.get(name))
      })
      return found.every((report) => report !== null) ? found : null
    }, signal)
    return reports === 'aborted' ? [] : reports
  }

  /** See {@link Session.wait}. */
  async wait(
    waitFor: WaitFor,
    { timeoutMs, signal }: { readonly timeoutMs: number | null; readonly signal?: AbortSignal },
  ): Promise<WaitResult> {
    const engine = this.#engine
    if (waitFor.kind === 'ready') knownTargets(engine.workspace, waitFor.targets)
    const limit = timeoutMs === null ? null : AbortSignal.timeout(timeoutMs)
    const signals = [signal, limit].filter((one) => one !== undefined && one !== null)
    const ended = signals.length === 0 ? new AbortController().signal : AbortSignal.any(signals)
    await Promise.race([this.#watch.sync(), whenAborted(ended)])
    const result = await engine.tracker.until(() => waitVerdict(waitFor, engine.states()), ended)
    if (result !== 'aborted') return result
    const settlement = settlementOf(engine.states())
    return { kind: 'timed-out', targets: settlement.kind === 'busy' ? settlement.targets : [] }
  }
}

async function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
