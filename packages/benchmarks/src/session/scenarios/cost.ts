import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { Contenders, ToolFailure } from '../contenders.ts'
import { type Demand, atMost } from '../demands.ts'
import type { Process } from '../processes/process-table.ts'
import { type Resources, resourcesOf } from '../processes/resources.ts'
import { type Cell, count, dashes, figure, none } from '../report.ts'
import { ratiosOf, spreadOf } from '../statistics.ts'
import { isFunction } from '../subject/is-function.ts'
import { RunningTool } from '../subject/running-tool.ts'
import { BenchmarkWorkspace } from '../subject/workspace.ts'
import type { FunctionSpec, Tool } from '../tools/tool.ts'
import { END_MS, START_MS, type Scenario, roundsOf } from './scenario.ts'

const MOST = 50

/** Files in the tree that everybody watches, ten to a directory. */
const FILES = 1_000

/** A program that is there and takes next to nothing, so that what is measured is the tool. */
const IDLE = ['sleep', '86399'] as const

const COUNTS = [1, 10, MOST]

/** How often Singletrack is measured at least, whatever time the others take. */
const OURS = 3

const PACES = {
  full: { warmUps: 0, least: 1, most: 3, budgetMs: 220_000 },
  quick: { warmUps: 0, least: 1, most: 1, budgetMs: 0 },
}

/** Memory and watches of a whole tool for 1, 10 and 50 targets over one tree. */
export const measureCost: Scenario = async ({ tools, quick, endsAt, report, gap, say }) => {
  const contenders = new Contenders(tools, gap)
  const found = new Map<string, Resources[]>()
  const of = (name: string, targets: number): readonly Resources[] =>
    found.get(`${name} ${targets}`) ?? []
  const take = async (tool: Tool, targets: number): Promise<void> => {
    say(`Cost: ${tool.name} with ${targets} targets`)
    const resources = await contenders.attempt(tool, START_MS + END_MS, async () =>
      costOf(tool, targets),
    )
    if (resources === null) return
    found.set(`${tool.name} ${targets}`, [...of(tool.name, targets), resources])
  }
  for (const _ of roundsOf({ quick, endsAt }, PACES)) {
    for (const targets of COUNTS) {
      for (const tool of contenders.tools) {
        // Many watchers take as long to start as all the rest of a quick look.
        if (!quick || targets === 1 || tool.name === 'singletrack') await take(tool, targets)
      }
    }
  }
  // A demand is to have a spread, and one tool alone is soon measured again.
  const ours = contenders.tools.find(({ name }) => name === 'singletrack')
  if (ours !== undefined && !quick) {
    const missing = OURS - of(ours.name, MOST).length
    for (let more = 0; more < missing; more += 1)
      for (const targets of COUNTS) await take(ours, targets)
  }
  for (const targets of COUNTS) {
    report({
      scenario: 'cost',
      title: `Cost of ${targets} ${targets === 1 ? 'target' : 'targets'} over one tree of ${FILES} files`,
      columns: [
        'tool',
        'rounds',
        'processes',
        'RSS MB',
        'PSS MB',
        'inotify watches',
        '× singletrack RSS',
      ],
      rows: tools.map(({ name }): [string, ...Cell[]] => {
        const all = of(name, targets)
        if (all.length === 0) return [name, none('not measured'), ...dashes(5)]
        const cell = (pick: (one: Resources) => number): Cell => figure(spreadOf(all.map(pick)))
        const rss = (which: string): readonly number[] =>
          of(which, targets).map(({ rssMb }) => rssMb)
        return [
          name,
          count(all.length),
          cell(({ processes }) => processes),
          cell(({ rssMb }) => rssMb),
          cell(({ pssMb }) => pssMb),
          cell(({ inotifyWatches }) => inotifyWatches),
          figure(spreadOf(ratiosOf(rss(name), rss('singletrack'))), 1),
        ]
      }),
      notes:
        targets === MOST
          ? ['RSS counts shared pages for each process, PSS divides them among those that share.']
          : [],
      demands: targets === MOST ? demandsOf(of('singletrack', 1), of('singletrack', MOST)) : [],
    })
  }
}

async function costOf(tool: Tool, targets: number): Promise<Resources> {
  // The same tree for any number of targets: all have their folders, not all are wanted.
  await using workspace = await BenchmarkWorkspace.make('plain', MOST, { watchesEverything: true })
  for (let at = 0; at < FILES; at += 1) {
    const folder = join(workspace.spec.root, `tree/directory-${Math.floor(at / 10)}`)
    if (at % 10 === 0) mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, `file-${at}.ts`), '')
  }
  const functions = workspace.spec.functions.slice(0, targets).map((one): FunctionSpec => ({
    ...one,
    run: runOf(tool, one),
    port: null,
  }))
  await using running = new RunningTool(tool, { ...workspace.spec, functions })
  const resources = await settled(running, targets)
  if (resources === null)
    throw new ToolFailure(`${targets} targets did not settle: ${running.lastWords}`)
  return resources
}

/** `node --watch` runs nothing but JavaScript; that process is not counted either. */
function runOf(tool: Tool, { run }: FunctionSpec): FunctionSpec['run'] {
  return tool.name === 'node --watch' ? run : IDLE
}

/** Waits until all programs are there and nothing grows any more. */
async function settled(running: RunningTool, targets: number): Promise<Resources | null> {
  const deadline = performance.now() + START_MS
  let last: Resources | null = null
  while (performance.now() < deadline) {
    await pause(1_000)
    const family = running.family()
    const programs = family.filter(isProgram)
    const resources = resourcesOf(family.filter((one) => !isProgram(one)))
    const isStill =
      last?.inotifyWatches === resources.inotifyWatches && last.processes === resources.processes
    if (programs.length >= targets && isStill) return resources
    last = resources
  }
  return null
}

function isProgram(process: Process): boolean {
  return process.command === IDLE.join(' ') || isFunction(process)
}

function demandsOf(one: readonly Resources[], fifty: readonly Resources[]): Demand[] {
  const ratios = (pick: (resources: Resources) => number): readonly number[] =>
    ratiosOf(fifty.map(pick), one.map(pick))
  return [
    atMost(
      'Watches of 50 targets: × those of one',
      ratios(({ inotifyWatches }) => inotifyWatches),
      1.2,
    ),
    atMost(
      'Memory (RSS) of 50 targets: × that of one',
      ratios(({ rssMb }) => rssMb),
      1.5,
    ),
  ]
}
