import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { cpuMsOf, resourcesOf } from '../processes/resources.ts'
import { type Cell, count, figure, none } from '../report.ts'
import { spreadOf } from '../statistics.ts'
import { RunningTool } from '../subject/running-tool.ts'
import { BenchmarkWorkspace } from '../subject/workspace.ts'
import type { Tool } from '../tools/tool.ts'
import { type Scenario, START_MS } from './scenario.ts'

const FILES_IN_DIRECTORY = 20

/** How often one looks whether all is watched. */
const LOOK_MS = 25

/** Nothing has been added to what is watched for so long: it is all. */
const STILL_MS = 1_500

/** One start of a tool in a big tree. */
interface Start {
  /** From its start until the last directory was watched, or the last file of those that watch files. */
  readonly watchingMs: number
  readonly watches: number
  /** Processor time until then. */
  readonly cpuMs: number
  readonly rssMb: number
  /** Whether an edit deep in the tree has led to a restart. */
  readonly sees: boolean
}

/** From the start of a tool until it watches a tree of 50,000 files. */
export const measureTree: Scenario = async ({ tools, quick, report, say }) => {
  const files = quick ? 10_000 : 50_000
  const rounds = quick ? 1 : 5
  const found = new Map<string, Start[]>(tools.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const tool of tools) {
      say(`Tree of ${files} files: ${tool.name}, round ${round + 1} of ${rounds}`)
      const start = await startOnce(tool, files)
      if (start !== null) found.get(tool.name)?.push(start)
    }
  }
  report({
    scenario: 'tree',
    title: `Start until a tree of ${files} files is watched (${rounds} rounds in turns)`,
    columns: ['tool', 'watching ms', 'CPU ms', 'RSS MB', 'inotify watches', 'restarts missed'],
    rows: [...found].map(([name, starts]): [string, ...Cell[]] => {
      if (starts.length === 0)
        return [name, none('never'), none('–'), none('–'), none('–'), none('–')]
      const of = (pick: (start: Start) => number): Cell => figure(spreadOf(starts.map(pick)))
      return [
        name,
        of(({ watchingMs }) => watchingMs),
        of(({ cpuMs }) => cpuMs),
        of(({ rssMb }) => rssMb),
        of(({ watches }) => watches),
        count(starts.filter(({ sees }) => !sees).length),
      ]
    }),
    notes: [
      'Watching: the kernel has all the watches that the tool will ask for. Missed: an edit deep in the tree restarted nothing.',
    ],
    demands: [],
  })
}

async function startOnce(tool: Tool, files: number): Promise<Start | null> {
  await using workspace = await BenchmarkWorkspace.make('plain', 1, { watchesEverything: true })
  const { root } = workspace.spec
  const deepest = plant(root, files)
  await using running = new RunningTool(tool, workspace.spec)
  const watching = await untilWatching(running)
  if (watching === null) return null
  const isUp = await workspace.reporter.until(({ kind }) => kind === 'ready', START_MS)
  if (isUp === null) return null
  const editedAt = performance.now()
  writeFileSync(join(root, deepest), 'export {}\n')
  const restart = await workspace.reporter.until(({ at }) => at > editedAt, 10_000)
  return { ...watching, sees: restart !== null }
}

/** Looks at the kernel's own account, since few tools say when they watch. */
async function untilWatching(running: RunningTool): Promise<Omit<Start, 'sees'> | null> {
  const deadline = running.startedAt + START_MS
  let last: Omit<Start, 'sees'> | null = null
  let grewAt = performance.now()
  while (performance.now() < deadline) {
    const now = performance.now()
    const family = running.family()
    const { inotifyWatches: watches, rssMb } = resourcesOf(family)
    if (last === null || watches > last.watches) {
      grewAt = now
      last = { watchingMs: now - running.startedAt, watches, cpuMs: cpuMsOf(family), rssMb }
    } else if (last.watches > 0 && now - grewAt > STILL_MS) {
      return last
    }
    await pause(LOOK_MS)
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
