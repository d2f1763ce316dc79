import { constants, cpus, loadavg, totalmem } from 'node:os'
import { argv } from 'node:process'

import type { Gap } from './contenders.ts'
import { type ScenarioName, readOptions } from './options.ts'
import type { Section } from './report.ts'
import { measureCargoLambda } from './scenarios/cargo-lambda.ts'
import { measureCost } from './scenarios/cost.ts'
import { measureOrphans } from './scenarios/orphans.ts'
import { measureSave } from './scenarios/save.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { measureCargo, measureShared } from './scenarios/shared.ts'
import { measureStop } from './scenarios/stop.ts'
import { measureTree } from './scenarios/tree.ts'
import { measureVersion } from './scenarios/version.ts'
import { RunningTool } from './subject/running-tool.ts'
import { BenchmarkWorkspace } from './subject/workspace.ts'
import { demandsSection, describeGaps } from './summary.ts'
import { renderSection } from './table.ts'
import { type MissingTool, findTools } from './tools/find-tools.ts'
import type { Tool } from './tools/tool.ts'

const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  save: measureSave,
  shared: measureShared,
  cargo: measureCargo,
  'cargo-lambda': measureCargoLambda,
  stop: measureStop,
  tree: measureTree,
  orphans: measureOrphans,
  cost: measureCost,
  version: measureVersion,
}

/** After so long no round begins any more, and no scenario; what was not begun is named. */
const FULL_MS = 19 * 60_000
const QUICK_MS = 4 * 60_000

/** Prints what a session costs, beside the other tools that are installed. */
export async function run(args: readonly string[] = []): Promise<void> {
  if (process.platform !== 'linux') {
    process.stdout.write('These measurements read /proc: Linux only.\n')
    return
  }
  const { quick, json, alone, scenarios: asked, labels } = readOptions(args)
  const { tools, missing } = findTools()
  const compared = alone ? tools.filter(({ name }) => name === 'singletrack') : tools
  const print = (text: string): void => {
    if (!json) process.stdout.write(text)
  }
  const [machine, startedAt] = [describeMachine(), performance.now()]
  print(`${machine}\n`)
  print(`${tools.map((tool) => describeTool(tool, labels)).join(', ')}\n`)
  const sections: Section[] = []
  const gaps: Gap[] = alone ? [] : missing.map(gapOf)
  const durations: string[] = []
  const report = (section: Section): void => {
    sections.push(section)
    print(`\n${renderSection(section)}`)
  }
  const conclude = (): void => {
    const demands = demandsSection(sections)
    if (demands.rows.length > 0) print(`\n${renderSection(demands)}`)
    print(`\n${describeRun(gaps, startedAt, durations).join('\n')}\n`)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      RunningTool.killAll()
      BenchmarkWorkspace.removeAll()
      conclude()
      process.exit(128 + constants.signals[signal])
    })
  }
  const endsAt = startedAt + (quick ? QUICK_MS : FULL_MS)
  for (const name of asked) {
    const gap = (tool: string, because: string): void => {
      gaps.push({ scenario: name, tool, because })
      say(`${name}: ${tool} is out: ${because}`)
    }
    if (performance.now() > endsAt) {
      gap('all', `not begun: the ${(endsAt - startedAt) / 60_000} minutes of the run were over`)
      continue
    }
    const serves = name === 'cargo-lambda' ? 'invocations' : 'programs'
    const able = compared.filter((tool) => tool.serves === serves || tool.serves === 'both')
    const beganAt = performance.now()
    try {
      await scenarios[name]({ tools: able, quick, endsAt, report, gap, say })
    } catch (error) {
      gap('all', error instanceof Error ? error.message : String(error))
      RunningTool.killAll()
    }
    durations.push(`${name} ${secondsSince(beganAt)}`)
  }
  say('')
  conclude()
  if (!json) return
  const versions = Object.fromEntries(tools.map(({ name, version }) => [name, version]))
  const document = {
    v: 2,
    machine,
    quick,
    seconds: secondsSince(startedAt),
    tools: versions,
    labels: Object.fromEntries(labels),
    gaps,
    leftovers: Object.fromEntries(RunningTool.leftovers),
    sections,
  }
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
}

function gapOf({ name, install }: MissingTool): Gap {
  return { scenario: 'all', tool: name, because: `not installed (${install})` }
}

function describeTool({ name, version }: Tool, labels: ReadonlyMap<string, string>): string {
  const label = labels.get(name)
  return label === undefined ? `${name} ${version}` : `${name} ${version} (${label})`
}

/** What is to be known of a run beside its figures. */
function describeRun(
  gaps: readonly Gap[],
  startedAt: number,
  durations: readonly string[],
): readonly string[] {
  const leftovers = [...RunningTool.leftovers].map(([name, count]) => `${name} ${count}`)
  return [
    ...describeGaps(gaps).map((line) => `Not measured: ${line}`),
    `Processes that were there after their tool had ended, killed by the benchmark: ${leftovers.join(', ') || 'none'}`,
    `Took ${secondsSince(startedAt)} s (${durations.join(', ')}), load at the end ${loadavg()[0]?.toFixed(1)}`,
  ]
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 1_000)
}

/** To whoever watches; what is measured goes to standard output. */
function say(message: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${message}`)
  else if (process.env['SESSION_BENCHMARK_VERBOSE'] !== undefined)
    process.stderr.write(`${message}\n`)
}

function describeMachine(): string {
  const processors = cpus()
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`
  const load = loadavg()[0]?.toFixed(1)
  return `${processors.length} × ${processors[0]?.model ?? 'unknown processor'}, ${memory}, Node ${process.version}, load ${load}`
}

if (import.meta.main) await run(argv.slice(2))
