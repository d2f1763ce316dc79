import { constants, cpus, loadavg, totalmem } from 'node:os'
import { argv } from 'node:process'

import { type ScenarioName, readOptions } from './options.ts'
import type { Section } from './report.ts'
import { measureCost } from './scenarios/cost.ts'
import { measureOrphans } from './scenarios/orphans.ts'
import { measureSave } from './scenarios/save.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { measureCargo, measureShared } from './scenarios/shared.ts'
import { measureStop } from './scenarios/stop.ts'
import { measureTree } from './scenarios/tree.ts'
import { measureVersion } from './scenarios/version.ts'
import { RunningTool } from './subject/running-tool.ts'
import { renderSection } from './table.ts'
import { findTools } from './tools/find-tools.ts'

const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  save: measureSave,
  shared: measureShared,
  cargo: measureCargo,
  stop: measureStop,
  tree: measureTree,
  orphans: measureOrphans,
  cost: measureCost,
  version: measureVersion,
}

/** Prints what a session costs, beside the other tools that are installed. */
export async function run(args: readonly string[] = []): Promise<void> {
  if (process.platform !== 'linux') {
    process.stdout.write('These measurements read /proc: Linux only.\n')
    return
  }
  const { quick, json, alone, scenarios: asked } = readOptions(args)
  const { tools, missing } = findTools()
  const compared = alone ? tools.filter(({ name }) => name === 'singletrack') : tools
  const machine = describeMachine()
  const print = (text: string): void => {
    if (!json) process.stdout.write(text)
  }
  print(`${machine}\n`)
  print(`${tools.map(({ name, version }) => `${name} ${version}`).join(', ')}\n`)
  for (const { name, install } of missing) print(`Not measured: ${name} (${install})\n`)
  const sections: Section[] = []
  const report = (section: Section): void => {
    sections.push(section)
    print(`\n${renderSection(section)}`)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, leave)
  for (const name of asked) {
    await scenarios[name]({ tools: compared, quick, report, say })
  }
  if (!json) return
  const versions = Object.fromEntries(tools.map(({ name, version }) => [name, version]))
  const document = { v: 1, machine, quick, tools: versions, missing, sections }
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
}

/** Interrupted, it leaves nothing running. */
function leave(signal: NodeJS.Signals): void {
  RunningTool.killAll()
  process.exit(128 + constants.signals[signal])
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
