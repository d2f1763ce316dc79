import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { Contenders, ToolFailure } from '../contenders.ts'
import { cpuMsOf, resourcesOf } from '../processes/resources.ts'
import { type Cell, count, dashes, figure, none } from '../report.ts'
import { spreadOf } from '../statistics.ts'
import { RunningTool } from '../subject/running-tool.ts'
import { BenchmarkWorkspace } from '../subject/workspace.ts'
import type { Tool } from '../tools/tool.ts'
import { phasesSection } from './phases-report.ts'
import { type Phases, startPhasesOf } from './phases.ts'
import { END_MS, type Scenario, START_MS, roundsOf } from './scenario.ts'

const FILES_IN_DIRECTORY = 20

/** How often one looks whether all is watched. */
const LOOK_MS = 25

/** Nothing has been added to what is watched for so long: it is all. */
const STILL_MS = 1_500

/** A tool that takes more than this share of a processor meanwhile is not done. */
const BUSY_SHARE = 0.1

/** How long a restart may take after an edit deep in the tree. */
const RESTART_MS = 10_000

const PACES = {
  full: { warmUps: 0, least: 1, most: 5, budgetMs: 180_000 },
  quick: { warmUps: 0, least: 1, most: 1, budgetMs: 0 },
}

/** What the kernel says of a start. */
interface Watching {
  /** From its start until the last directory was watched, or the last file of those that watch files. */
  readonly watchingMs: number
  readonly watches: number
  /** Processor time until then. */
  readonly cpuMs: number
  readonly rssMb: number
}

/** One start of a tool in a big tree. */
interface Start extends Watching {
  /** Until its function listened. */
  readonly readyMs: number
  /** Whether an edit deep in the tree has led to a restart. */
  readonly sees: boolean
  readonly phases: Phases | null
}

/** From the start of a tool until it watches a tree of 50,000 files. */
export const measureTree: Scenario = async ({ tools, quick, endsAt, report, gap, say }) => {
  const files = quick ? 10_000 : 50_000
  const contenders = new Contenders(tools, gap)
  const found = new Map<string, Start[]>(tools.map(({ name }) => [name, []]))
  let taken = 0
  for (const round of roundsOf({ quick, endsAt }, PACES)) {
    taken = round + 1
    for (const tool of contenders.tools) {
      say(`Tree of ${files} files: ${tool.name}, round ${taken}`)
      const start = await contenders.attempt(tool, 2 * START_MS + END_MS, async () =>
        startOnce(tool, files),
      )
      if (start !== null) found.get(tool.name)?.push(start)
    }
  }
  const title = `Start in a tree of ${files} files`
  report({
    scenario: 'tree',
    title: `${title} (${taken} rounds in turns)`,
    columns: [
      'tool',
      'watching ms',
      'ready ms',
      'CPU ms',
      'RSS MB',
      'inotify watches',
      'restarts missed',
    ],
    rows: [...found].map(([name, starts]): [string, ...Cell[]] => {
      if (starts.length === 0) return [name, none('see the gaps'), ...dashes(5)]
      const of = (pick: (start: Start) => number): Cell => figure(spreadOf(starts.map(pick)))
      return [
        name,
        of(({ watchingMs }) => watchingMs),
        of(({ readyMs }) => readyMs),
        of(({ cpuMs }) => cpuMs),
        of(({ rssMb }) => rssMb),
        of(({ watches }) => watches),
        count(starts.filter(({ sees }) => !sees).length),
      ]
    }),
    notes: [
      'Watching: the kernel has all the watches that the tool will ask for. Ready: its function listens. Missed: an edit deep in the tree restarted nothing.',
    ],
    demands: [],
  })
  const phases = (found.get('singletrack') ?? []).map((start) => start.phases)
  for (const section of phasesSection('tree', title, phases)) report(section)
}

async function startOnce(tool: Tool, files: number): Promise<Start> {
  await using workspace = await BenchmarkWorkspace.make('plain', 1, { watchesEverything: true })
  const { root } = workspace.spec
  const deepest = plant(root, files)
  const spawnedAt = Date.now()
  await using running = new RunningTool(tool, workspace.spec)
  const watching = await untilWatching(running)
  if (watching === null)
    throw new ToolFailure(
      `did not watch the tree within ${START_MS / 1_000} s: ${running.lastWords}`,
    )
  const isUp = await workspace.reporter.until(({ kind }) => kind === 'ready', START_MS)
  if (isUp === null) throw new ToolFailure(`was not ready: ${running.lastWords}`)
  const readyMs = isUp.at - running.startedAt
  const phases = startPhasesOf(running.output, { spawnedAt, listeningAt: spawnedAt + readyMs })
  const editedAt = performance.now()
  writeFileSync(join(root, deepest), 'export {}\n')
  const restart = await workspace.reporter.until(({ at }) => at > editedAt, RESTART_MS)
  return { ...watching, readyMs, phases, sees: restart !== null }
}

/**
 * Looks at the kernel's own account, since few tools say when they watch: no watch has been added
 * for a while, and the tool has done next to nothing meanwhile. One that reads the whole tree
 * before it watches anything is busy for as long.
 */
async function untilWatching(running: RunningTool): Promise<Watching | null> {
  const deadline = running.startedAt + START_MS
  let last: Watching | null = null
  let [stillSince, cpuThen] = [performance.now(), 0]
  while (performance.now() < deadline) {
    const now = performance.now()
    const family = running.family()
    const { inotifyWatches: watches, rssMb } = resourcesOf(family)
    const cpuMs = cpuMsOf(family)
    if (last === null || watches > last.watches) {
      ;[stillSince, cpuThen] = [now, cpuMs]
      last = { watchingMs: now - running.startedAt, watches, cpuMs, rssMb }
    } else if (cpuMs - cpuThen > BUSY_SHARE * STILL_MS) {
      ;[stillSince, cpuThen] = [now, cpuMs]
    } else if (last.watches > 0 && now - stillSince > STILL_MS) {
      return last
    }
    // To look takes time itself where a tool watches each file; most of it should be the tool's.
    await pause(Math.max(LOOK_MS, 4 * (performance.now() - now)))
  }
  return null
}

/** Plants a tree and returns its last file. */
function plant(root: string, files: number): string {
  let path = ''
  for (let at = 0; at < files; at += 1) {
    const folder = `tree/directory-${Math.floor(at / FILES_IN_DIRECTORY)}`
    if (at % FILES_IN_DIRECTORY === 0) mkdirSync(join(root, folder), { recursive: true })
    path = `${folder}/file-${at}.ts`
    writeFileSync(join(root, path), '')
  }
  return path
}
