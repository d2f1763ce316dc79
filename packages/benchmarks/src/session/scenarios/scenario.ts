import type { Section } from '../report.ts'
import { type Pace, rounds } from '../rounds.ts'
import type { Tool } from '../tools/tool.ts'

/** What every scenario is given. */
export interface ScenarioContext {
  /** Those that do what the scenario is about. */
  readonly tools: readonly Tool[]
  readonly quick: boolean
  /** When the whole run is to be over, by `performance.now()`. */
  readonly endsAt: number
  /** Takes what has been found, as soon as it has been. */
  readonly report: (section: Section) => void
  /** Takes what could not be measured, and why. */
  readonly gap: (tool: string, because: string) => void
  /** Tells whoever waits what is being done. */
  readonly say: (message: string) => void
}

export type Scenario = (context: ScenarioContext) => Promise<void>

/** How long a start may take before it counts as missed. */
export const START_MS = 60_000

/** How long anything may take after a save before it counts as missed. */
export const SAVE_MS = 10_000

/** What an end takes at most: asked for, then by force. */
export const END_MS = 40_000

/** Rounds at full length or for a quick look, and no more than the whole run has time for. */
export function roundsOf(
  { quick, endsAt }: Pick<ScenarioContext, 'quick' | 'endsAt'>,
  paces: { readonly full: Pace; readonly quick: Pace },
  startedAt: number = performance.now(),
): Generator<number, void> {
  const pace = quick ? paces.quick : paces.full
  const budgetMs = Math.max(0, Math.min(pace.budgetMs, endsAt - startedAt))
  return rounds({ ...pace, budgetMs }, undefined, startedAt)
}
