import { parseArgs } from 'node:util'

/** What there is to measure, in the order in which it is measured. */
export const scenarioNames = [
  'save',
  'shared',
  'cargo',
  'stop',
  'orphans',
  'tree',
  'cost',
  'version',
] as const

export type ScenarioName = (typeof scenarioNames)[number]

export interface SessionBenchmarkOptions {
  /** Fewer rounds and smaller trees, for a look rather than for a claim. */
  readonly quick: boolean
  /** One JSON document on stdout in place of tables. */
  readonly json: boolean
  readonly scenarios: readonly ScenarioName[]
  /** Leaves every other tool out: for a look at what a change of ours did. */
  readonly alone: boolean
}

/**
 * Reads `--quick`, `--json`, `--alone` and any number of `--scenario NAME`.
 *
 * @throws {RangeError} for a scenario that there is not.
 */
export function readOptions(args: readonly string[]): SessionBenchmarkOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      alone: { type: 'boolean', default: false },
      scenario: { type: 'string', multiple: true, default: [] },
    },
  })
  const asked = values.scenario.flatMap((names) => names.split(','))
  for (const name of asked) {
    if (!isScenario(name))
      throw new RangeError(`there is no scenario "${name}"; there are ${scenarioNames.join(', ')}`)
  }
  return {
    quick: values.quick,
    json: values.json,
    alone: values.alone,
    scenarios: scenarioNames.filter((name) => asked.length === 0 || asked.includes(name)),
  }
}

function isScenario(name: string): name is ScenarioName {
  return scenarioNames.some((known) => known === name)
}
