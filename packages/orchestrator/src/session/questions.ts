import type { Target } from '../configuration/index.ts'
import type { PlanStep, Requests } from '../control/index.ts'
import type { EventStream } from '../events/index.ts'
import { settlementOf } from '../state/index.ts'
import { lastBuildMs, whyChain } from './answers.ts'
import type { Engine } from './engine.ts'
import { explanationOf } from './explanation.ts'
import type { FileWatch } from './file-watch.ts'
import { knownTargets } from './known-targets.ts'
import { planChange, planStart } from './plan-steps.ts'
import type { TargetActor } from './target-actor.ts'

export interface QuestionsOptions {
  readonly engine: Engine
  readonly watch: FileWatch
  readonly events: EventStream
  /** The variables that the process of a target is started with. */
  readonly environmentOf: (target: Target) => Promise<Readonly<Record<string, string>>>
}

/** What a session is asked, as against told: to answer changes nothing. */
export class Questions {
  readonly #options: QuestionsOptions

  constructor(options: QuestionsOptions) {
    this.#options = options
  }

  why(target: string): Requests['why']['result'] {
    const actor = this.#actor(target)
    return { chain: whyChain(this.#options.events.history(), target), state: actor.state() }
  }

  explain(path: string): Requests['explain']['result'] {
    const { engine, watch } = this.#options
    return explanationOf(path, watch.explain(path), engine.workspace, this.#isWanted)
  }

  /** Of a change, or without one of what is not built and running yet as it should be. */
  plan(change: string | null): readonly PlanStep[] {
    const { engine, events } = this.#options
    const history = events.history()
    const options = {
      workspace: engine.workspace,
      isWanted: this.#isWanted,
      durationOf: (name: string) => lastBuildMs(history, name),
    }
    if (change !== null) {
      const { path, targets } = this.explain(change)
      const names = targets.map(({ name }) => name)
      return planChange(names, path, options)
    }
    const settlement = settlementOf(engine.states())
    return settlement.kind === 'busy' ? planStart(settlement.targets, 'not done yet', options) : []
  }

  async env(name: string): Promise<Requests['env']['result']> {
    const { target } = this.#actor(name)
    return { env: await this.#options.environmentOf(target), cwd: target.cwd }
  }

  readonly #isWanted = (name: string): boolean => this.#options.engine.actor(name)?.wanted ?? false

  #actor(name: string): TargetActor {
    const { engine } = this.#options
    knownTargets(engine.workspace, [name])
    const actor = engine.actor(name)
    if (actor === undefined) throw new Error(`internal error: the target ${name} has no actor`)
    return actor
  }
}
