import { setTimeout as pause } from 'node:timers/promises'

import { atMost } from '../demands.ts'
import { cpuMsBetween } from '../processes/resources.ts'
import { type Cell, figure, none } from '../report.ts'
import { spreadOf } from '../statistics.ts'
import { findCargo } from '../subject/find-cargo.ts'
import { RunningTool } from '../subject/running-tool.ts'
import { BenchmarkWorkspace } from '../subject/workspace.ts'
import { START_MS, type Scenario, type ScenarioContext } from './scenario.ts'

/** How long all of the functions may take after an edit. */
const ALL_MS = 60_000

/** What one edit of the shared file has led to. */
interface Wave {
  /** Until the first function was ready with it; `null`: none was. */
  readonly firstMs: number | null
  /** Until all functions were. */
  readonly lastMs: number | null
  readonly builds: number
  /** How often a build had to wait for the lock of another. */
  readonly blocked: number
  readonly cpuMs: number
}

/** An edit of what ten functions share, whose builds lock their one directory. */
export const measureShared: Scenario = async (context) => {
  await measureWaves('locked', 10, 'Edit of a shared file, builds under a lock', context)
}

/** The same with Cargo: a library that all programs use. */
export const measureCargo: Scenario = async (context) => {
  if (findCargo() === null) {
    context.say('Cargo is not installed: its scenario is left out')
    return
  }
  const count = context.quick ? 4 : 10
  await measureWaves('cargo', count, 'Edit of a library of a Cargo workspace', context)
}

async function measureWaves(
  kind: 'locked' | 'cargo',
  count: number,
  title: string,
  { tools, quick, report, say }: ScenarioContext,
): Promise<void> {
  const rounds = quick ? 2 : 7
  await using stack = new AsyncDisposableStack()
  const subjects: Subject[] = []
  const failures = new Map<string, string>()
  for (const tool of tools) {
    const workspace = stack.use(await BenchmarkWorkspace.make(kind, count))
    const reason = tool.cannot?.(workspace.spec) ?? null
    if (reason !== null) {
      failures.set(tool.name, reason)
      continue
    }
    say(`${title}: ${tool.name} starts`)
    const subject = new Subject(workspace, stack.use(new RunningTool(tool, workspace.spec)))
    if (await subject.allReady(workspace.firstRevision)) subjects.push(subject)
    else failures.set(tool.name, 'did not start all')
  }
  const found = new Map<string, Wave[]>(subjects.map(({ name }) => [name, []]))
  for (let round = -1; round < rounds; round += 1) {
    for (const subject of subjects) {
      say(`${title}: ${subject.name}, round ${round + 1} of ${rounds}`)
      const wave = await subject.edit(`r${round}`)
      // The round before 0 warms caches.
      if (round >= 0) found.get(subject.name)?.push(wave)
    }
  }
  const blocked = (found.get('singletrack') ?? []).map((wave) => wave.blocked)
  report({
    scenario: kind === 'cargo' ? 'cargo' : 'shared',
    title: `${title}: ${count} functions (${rounds} rounds in turns)`,
    columns: ['tool', 'first ready ms', 'all ready ms', 'builds', 'blocked', 'CPU ms of the tool'],
    rows: tools.map(({ name }): [string, ...Cell[]] => {
      const waves = found.get(name)
      const nothing = none('–')
      if (waves === undefined)
        return [name, none(failures.get(name) ?? '–'), nothing, nothing, nothing, nothing]
      return [
        name,
        figure(spreadOf(waves.flatMap(({ firstMs }) => firstMs ?? []))),
        figure(spreadOf(waves.flatMap(({ lastMs }) => lastMs ?? []))),
        figure(spreadOf(waves.map(({ builds }) => builds))),
        figure(spreadOf(waves.map((wave) => wave.blocked))),
        figure(spreadOf(waves.map(({ cpuMs }) => cpuMs))),
      ]
    }),
    notes: [
      kind === 'cargo'
        ? 'Builds: how often `cargo build` was run. Blocked: lines "Blocking waiting for file lock".'
        : 'Each build takes 100 ms of processor time under the lock. Blocked: builds that had to wait for it.',
    ],
    demands:
      blocked.length === 0
        ? []
        : [atMost(`${title}: builds of singletrack that had to wait`, Math.max(...blocked), 0)],
  })
}

/** One tool with all the functions. */
class Subject {
  readonly #workspace: BenchmarkWorkspace
  readonly #running: RunningTool

  constructor(workspace: BenchmarkWorkspace, running: RunningTool) {
    this.#workspace = workspace
    this.#running = running
  }

  get name(): string {
    return this.#running.tool.name
  }

  async allReady(revision: string): Promise<boolean> {
    for (const { name } of this.#workspace.spec.functions) {
      const ready = await this.#workspace.reporter.until(
        (report) => report.kind === 'ready' && report.name === name && report.revision === revision,
        START_MS + ALL_MS,
      )
      if (ready === null) return false
    }
    return true
  }

  async edit(revision: string): Promise<Wave> {
    const { reporter, spec } = this.#workspace
    const [before, buildsBefore] = [this.#running.family(), this.#workspace.builds]
    this.#running.output = ''
    this.#workspace.editShared(revision)
    const savedAt = performance.now()
    const ready = spec.functions.map(async ({ name }) =>
      reporter.until(
        (report) => report.kind === 'ready' && report.name === name && report.revision === revision,
        ALL_MS,
      ),
    )
    const times = (await Promise.all(ready)).map((one) => (one === null ? null : one.at - savedAt))
    // Whatever is built once more without need shows by then.
    await pause(1_500)
    const known = times.filter((ms) => ms !== null)
    return {
      firstMs: known.length === 0 ? null : Math.min(...known),
      lastMs: known.length < times.length ? null : Math.max(...known),
      builds: this.#workspace.builds - buildsBefore,
      blocked: this.#blockedSince(savedAt),
      cpuMs: cpuMsBetween(before, this.#running.family()),
    }
  }

  #blockedSince(moment: number): number {
    const told = this.#workspace.reporter
      .since(moment)
      .filter(({ kind }) => kind === 'blocked').length
    if (!this.#workspace.spec.isCargo) return told
    return this.#running.output.split('Blocking waiting for file lock').length - 1
  }
}
