import type { Section } from '../report.ts'
import type { Tool } from '../tools/tool.ts'

/** What every scenario is given. */
export interface ScenarioContext {
  readonly tools: readonly Tool[]
  readonly quick: boolean
  /** Takes what has been found, as soon as it has been. */
  readonly report: (section: Section) => void
  /** Tells whoever waits what is being done. */
  readonly say: (message: string) => void
}

export type Scenario = (context: ScenarioContext) => Promise<void>

/** How long a start may take before it counts as missed. */
export const START_MS = 60_000

/** How long anything may take after a save before it counts as missed. */
export const SAVE_MS = 10_000
