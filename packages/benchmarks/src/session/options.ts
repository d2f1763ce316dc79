import { parseArgs } from 'node:util'

/** What there is to measure, in the order in which it is measured: what time is left for comes last. */
export const scenarioNames = [
  'version',
  'save',
  'shared',
  'cargo',
  'cargo-lambda',
  'orphans',
  'cost',
  'tree',
  'stop',
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
  /** What is to be said beside the version of a tool, such as that it was changed to be built. */
  readonly labels: ReadonlyMap<string, string>
}

/**
 * Reads `--quick`, `--json`, `--alone`, and any number of `--scenario NAME` and
 * `--label TOOL=TEXT`.
 *
 * @throws {RangeError} for a scenario that there is not, or a label without a tool.
 */
export function readOptions(args: readonly string[]): SessionBenchmarkOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      alone: { type: 'boolean', default: false },
      scenario: { type: 'string', multiple: true, default: [] },
      label: { type: 'string', multiple: true, default: [] },
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
    labels: new Map(values.label.map(labelOf)),
  }
}

function labelOf(option: string): readonly [tool: string, text: string] {
  const at = option.indexOf('=')
  if (at < 1) throw new RangeError(`--label is TOOL=TEXT, not "${option}"`)
  return [option.slice(0, at), option.slice(at + 1)]
}

function isScenario(name: string): name is ScenarioName {
  return scenarioNames.some((known) => known === name)
}
