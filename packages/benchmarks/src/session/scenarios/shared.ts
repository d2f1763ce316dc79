import { setTimeout as pause } from 'node:timers/promises'

import { Contenders, ToolFailure } from '../contenders.ts'
import { type Demand, atMost } from '../demands.ts'
import { cpuMsBetween } from '../processes/resources.ts'
import { type Cell, dashes, figure, none } from '../report.ts'
import { inTurn } from '../rounds.ts'
import { ratiosOf, spreadOf } from '../statistics.ts'
import { findCargo } from '../subject/find-cargo.ts'
import type { Report } from '../subject/reporter.ts'
import { RunningTool } from '../subject/running-tool.ts'
import { BenchmarkWorkspace } from '../subject/workspace.ts'
import { phasesSection, profileOf } from './phases-report.ts'
import { type Phases, phasesOf } from './phases.ts'
import { END_MS, START_MS, type Scenario, type ScenarioContext, roundsOf } from './scenario.ts'

/** How long all of the functions may take after an edit. */
const ALL_MS = 60_000

const QUICK = { warmUps: 0, least: 1, most: 2, budgetMs: 15_000 }

const PACES = {
  locked: { full: { warmUps: 1, least: 2, most: 7, budgetMs: 90_000 }, quick: QUICK },
  cargo: { full: { warmUps: 1, least: 2, most: 7, budgetMs: 110_000 }, quick: QUICK },
}

/** What one edit of the shared file has led to. */
interface Wave {
  /** Until the first function was ready with it; `null`: none was. */
  readonly firstMs: number | null
  /** Until all functions were. */
  readonly lastMs: number | null
  /** Where the time of each of the two went. */
  readonly first: Phases | null
  readonly last: Phases | null
  readonly builds: number
  /** How often a build had to wait for the lock of another. */
  readonly blocked: number
  readonly cpuMs: number
}

/** An edit of what several functions share, whose builds lock their one directory. */
export const measureShared: Scenario = async (context) => {
  const count = context.quick ? 4 : 10
  await measureWaves('locked', count, 'Edit of a shared file, builds under a lock', context)
}

/** The same with Cargo: a library that all programs use. */
export const measureCargo: Scenario = async (context) => {
  if (findCargo() === null) {
    context.gap('all', 'Cargo is not installed')
    return
  }
  const count = context.quick ? 4 : 10
  await measureWaves('cargo', count, 'Edit of a library of a Cargo workspace', context)
}

async function measureWaves(
  kind: 'locked' | 'cargo',
  count: number,
  title: string,
  { tools, quick, endsAt, report, gap, say }: ScenarioContext,
): Promise<void> {
  const startedAt = performance.now()
  const contenders = new Contenders(tools, gap)
  await using stack = new AsyncDisposableStack()
  const subjects: Subject[] = []
  for (const tool of tools) {
    say(`${title}: ${tool.name} starts`)
    const subject = await contenders.attempt(tool, START_MS + ALL_MS + END_MS, async () => {
      const workspace = stack.use(await BenchmarkWorkspace.make(kind, count))
      const reason = tool.cannot?.(workspace.spec) ?? null
      if (reason !== null) throw new ToolFailure(reason)
      const running = stack.use(new RunningTool(tool, workspace.spec))
      const made = new Subject(workspace, running)
      const missing = await made.firstNotReady(workspace.firstRevision)
      if (missing !== null) throw new ToolFailure(`${missing} did not start: ${running.lastWords}`)
      return made
    })
    if (subject !== null) subjects.push(subject)
  }
  const found = new Map<string, Wave[]>()
  for (const round of roundsOf({ quick, endsAt }, PACES[kind], startedAt)) {
    for (const subject of inTurn(subjects, round)) {
      const { tool } = subject.running
      say(`${title}: ${tool.name}, round ${round + 1}`)
      const wave = await contenders.attempt(tool, ALL_MS + END_MS, async () =>
        subject.edit(`r${round}`),
      )
      if (wave === null) continue
      if (round >= 0) found.set(tool.name, [...(found.get(tool.name) ?? []), wave])
      if (wave.lastMs === null)
        contenders.drop(tool.name, `not all functions were ready ${ALL_MS / 1_000} s after an edit`)
    }
  }
  const ours = found.get('singletrack') ?? []
  const scenario = kind === 'cargo' ? 'cargo' : 'shared'
  const taken = Math.max(0, ...[...found.values()].map((waves) => waves.length))
  report({
    scenario,
    title: `${title}: ${count} functions (${taken} rounds in turns)`,
    columns: ['tool', 'first ready ms', 'all ready ms', 'builds', 'blocked', 'CPU ms of the tool'],
    rows: tools.map(({ name }): [string, ...Cell[]] => {
      const waves = found.get(name)
      if (waves === undefined) return [name, none('see the gaps'), ...dashes(4)]
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
    demands: demandsOf(title, found),
  })
  const phases = [
    ['the first ready', ours.map(({ first }) => first)],
    ['the last ready', ours.map(({ last }) => last)],
  ] as const
  for (const [which, all] of phases)
    for (const section of phasesSection(scenario, `${title}, ${which}`, all)) report(section)
}

function demandsOf(title: string, found: ReadonlyMap<string, readonly Wave[]>): Demand[] {
  const times = (name: string): readonly (number | null)[] =>
    (found.get(name) ?? []).map(({ lastMs }) => lastMs)
  const median = (name: string): number => spreadOf(times(name).filter((ms) => ms !== null)).median
  const ours = found.get('singletrack') ?? []
  const [fastest] = [...found.keys()]
    .filter((name) => name !== 'singletrack' && !Number.isNaN(median(name)))
    .toSorted((one, other) => median(one) - median(other))
  const blocked = ours.map((wave) => wave.blocked)
  const profile = profileOf(ours.map(({ last }) => last))
  return [
    ...(fastest === undefined
      ? []
      : [
          atMost(
            `${title}, all ready: × the fastest peer (${fastest})`,
            ratiosOf(times('singletrack'), times(fastest)),
            1,
            profile,
          ),
        ]),
    atMost(
      `${title}: builds of singletrack that had to wait`,
      blocked.length === 0 ? [] : [Math.max(...blocked)],
      0,
    ),
  ]
}

/** One tool with all the functions. */
class Subject {
  readonly running: RunningTool
  readonly #workspace: BenchmarkWorkspace

  constructor(workspace: BenchmarkWorkspace, running: RunningTool) {
    this.#workspace = workspace
    this.running = running
  }

  /** The name of a function that is not there in time; `null`: all are. */
  async firstNotReady(revision: string): Promise<string | null> {
    const deadline = performance.now() + START_MS + ALL_MS
    for (const { name } of this.#workspace.spec.functions) {
      const left = Math.max(0, deadline - performance.now())
      if ((await this.#ready(name, revision, left)) === null) return name
    }
    return null
  }

  async edit(revision: string): Promise<Wave> {
    const { spec } = this.#workspace
    const [before, buildsBefore] = [this.running.family(), this.#workspace.builds]
    this.running.output = ''
    this.#workspace.editShared(revision)
    const [savedAt, savedAtDate] = [performance.now(), Date.now()]
    const ready = await Promise.all(
      spec.functions.map(async ({ name }) => ({
        name,
        ms: ((await this.#ready(name, revision, ALL_MS))?.at ?? Number.NaN) - savedAt,
      })),
    )
    // Whatever is built once more without need shows by then.
    await pause(1_500)
    const known = ready
      .filter(({ ms }) => !Number.isNaN(ms))
      .toSorted((one, other) => one.ms - other.ms)
    const [first, last] = [known.at(0), known.length < ready.length ? undefined : known.at(-1)]
    const phases = (one: { readonly name: string; readonly ms: number } | undefined) =>
      one === undefined
        ? null
        : phasesOf(this.running.output, {
            savedAt: savedAtDate,
            listeningAt: savedAtDate + one.ms,
            target: one.name,
          })
    return {
      firstMs: first?.ms ?? null,
      lastMs: last?.ms ?? null,
      first: phases(first),
      last: phases(last),
      builds: this.#workspace.builds - buildsBefore,
      blocked: this.#blockedSince(savedAt),
      cpuMs: cpuMsBetween(before, this.running.family()),
    }
  }

  async #ready(name: string, revision: string, limitMs: number): Promise<Report | null> {
    return this.#workspace.reporter.until(
      (report) => report.kind === 'ready' && report.name === name && report.revision === revision,
      limitMs,
    )
  }

  #blockedSince(moment: number): number {
    const told = this.#workspace.reporter
      .since(moment)
      .filter(({ kind }) => kind === 'blocked').length
    if (this.#workspace.spec.cargo === null) return told
    return this.running.output.split('Blocking waiting for file lock').length - 1
  }
}
