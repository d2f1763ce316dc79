import { setTimeout as pause } from 'node:timers/promises'

import { Contenders, ToolFailure } from '../contenders.ts'
import { type Demand, atMost } from '../demands.ts'
import { cpuMsBetween } from '../processes/resources.ts'
import { type Cell, type Section, count, figure, none, text } from '../report.ts'
import { inTurn } from '../rounds.ts'
import { ratiosOf, spreadOf } from '../statistics.ts'
import { bareSpawn } from '../subject/bare-spawn.ts'
import { RunningTool } from '../subject/running-tool.ts'
import { BenchmarkWorkspace, type FunctionKind } from '../subject/workspace.ts'
import { phasesSection, profileOf } from './phases-report.ts'
import { type Phases, phasesOf } from './phases.ts'
import {
  END_MS,
  SAVE_MS,
  START_MS,
  type Scenario,
  type ScenarioContext,
  roundsOf,
} from './scenario.ts'

const BARE = 'bare spawn'

const PACES = {
  full: { warmUps: 2, least: 8, most: 30, budgetMs: 80_000 },
  quick: { warmUps: 1, least: 2, most: 8, budgetMs: 15_000 },
}

/** One round of one subject. */
interface Sample {
  /** From the end of the write until the function listens with the new code; `null`: never. */
  readonly ms: number | null
  /** Of the processes of the tool that outlive the save. */
  readonly cpuMs: number
  readonly phases: Phases | null
}

/** From a save until the function listens with the new code, without and with a build. */
export const measureSave: Scenario = async (context) => {
  await measureKind('plain', 'Save to ready, no build', context)
  await measureKind('esbuild', 'Save to ready, built by esbuild', context)
}

async function measureKind(
  kind: FunctionKind,
  title: string,
  { tools, quick, endsAt, report, gap, say }: ScenarioContext,
): Promise<void> {
  const startedAt = performance.now()
  const contenders = new Contenders(tools, gap)
  await using stack = new AsyncDisposableStack()
  const subjects: Subject[] = []
  // All idle beside each other, so that they can be measured in turns.
  for (const tool of tools) {
    say(`${title}: ${tool.name} starts`)
    const subject = await contenders.attempt(tool, START_MS + END_MS, async () => {
      const workspace = stack.use(await BenchmarkWorkspace.make(kind, 1))
      const running = stack.use(new RunningTool(tool, workspace.spec))
      const ready = await workspace.reporter.until(({ kind: what }) => what === 'ready', START_MS)
      if (ready === null) throw new ToolFailure(`was not ready: ${running.lastWords}`)
      return new Subject(workspace, running)
    })
    if (subject !== null) subjects.push(subject)
  }
  const bareWorkspace = stack.use(await BenchmarkWorkspace.make(kind, 1))
  const found = new Map<string, Sample[]>()
  const note = (name: string, sample: Sample, round: number): void => {
    if (round >= 0) found.set(name, [...(found.get(name) ?? []), sample])
  }
  await pause(1_500)
  for (const round of roundsOf({ quick, endsAt }, PACES, startedAt)) {
    say(`${title}: round ${round + 1}`)
    for (const subject of inTurn(subjects, round)) {
      const { tool } = subject.running
      const sample = await contenders.attempt(tool, SAVE_MS + END_MS, async () =>
        subject.save(`r${round}`),
      )
      if (sample !== null) note(tool.name, sample, round)
      if (subject.hasGivenUp) contenders.drop(tool.name, 'missed three saves in a row')
    }
    note(BARE, { ms: await bareSpawn(bareWorkspace, `r${round}`), cpuMs: 0, phases: null }, round)
    await quietTime()
  }
  report(tableOf(title, found))
  const phases = (found.get('singletrack') ?? []).map((sample) => sample.phases)
  for (const section of phasesSection('save', title, phases)) report(section)
}

/** One tool with one function. */
class Subject {
  #missedInARow = 0
  readonly running: RunningTool
  readonly #workspace: BenchmarkWorkspace

  constructor(workspace: BenchmarkWorkspace, running: RunningTool) {
    this.#workspace = workspace
    this.running = running
  }

  /** To wait for it again and again would only make the others wait. */
  get hasGivenUp(): boolean {
    return this.#missedInARow >= 3
  }

  async save(revision: string): Promise<Sample> {
    const { spec, reporter } = this.#workspace
    const [one] = spec.functions
    if (one === undefined) throw new Error('a workspace without a function')
    const before = this.running.family()
    this.running.output = ''
    this.#workspace.edit(one, revision)
    const [savedAt, savedAtDate] = [performance.now(), Date.now()]
    const ready = await reporter.until((report) => report.revision === revision, SAVE_MS)
    const listeningAt = savedAtDate + (ready === null ? SAVE_MS : ready.at - savedAt)
    this.#missedInARow = ready === null ? this.#missedInARow + 1 : 0
    // What follows from the save belongs to it.
    await quietTime()
    return {
      ms: ready === null ? null : ready.at - savedAt,
      cpuMs: cpuMsBetween(before, this.running.family()),
      phases: phasesOf(this.running.output, { savedAt: savedAtDate, listeningAt }),
    }
  }
}

/** Before the next save, and never in step with anybody's timer. */
async function quietTime(): Promise<void> {
  await pause(300 + Math.random() * 100)
}

function tableOf(title: string, found: ReadonlyMap<string, readonly Sample[]>): Section {
  const times = (name: string): readonly (number | null)[] =>
    (found.get(name) ?? []).map(({ ms }) => ms)
  const cpu = (name: string): readonly number[] => (found.get(name) ?? []).map(({ cpuMs }) => cpuMs)
  const rows = [...found.keys()].map((name): [string, ...Cell[]] => [
    name,
    figure(spreadOf(known(times(name)))),
    figure(spreadOf(ratiosOf(times(name), times(BARE))), 2),
    // Its clock ticks in hundredths of a second: only the mean of many rounds says something.
    name === BARE ? none('–') : text(mean(cpu(name)).toFixed(0)),
    count(times(name).filter((ms) => ms === null).length),
  ])
  return {
    scenario: 'save',
    title: `${title} (${found.get(BARE)?.length ?? 0} rounds in turns)`,
    columns: ['tool', 'ms', '× bare', 'CPU ms', 'missed'],
    rows,
    notes: ['CPU: of the processes of the tool that outlive a save, in the mean.'],
    demands: demandsOf(title, found),
  }
}

function demandsOf(title: string, found: ReadonlyMap<string, readonly Sample[]>): Demand[] {
  const times = (name: string): readonly (number | null)[] =>
    (found.get(name) ?? []).map(({ ms }) => ms)
  const median = (name: string): number => spreadOf(known(times(name))).median
  const peers = [...found.keys()].filter((name) => {
    return name !== 'singletrack' && name !== BARE && known(times(name)).length > 0
  })
  const [fastest] = peers.toSorted((one, other) => median(one) - median(other))
  const profile = profileOf((found.get('singletrack') ?? []).map(({ phases }) => phases))
  const ratios = (name: string): readonly number[] => ratiosOf(times('singletrack'), times(name))
  return [
    ...(fastest === undefined
      ? []
      : [atMost(`${title}: × the fastest peer (${fastest})`, ratios(fastest), 1, profile)]),
    atMost(`${title}: × a bare spawn`, ratios(BARE), 1.5, profile),
  ]
}

const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value) => value !== null)

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
