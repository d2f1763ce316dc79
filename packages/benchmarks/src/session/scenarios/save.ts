import { setTimeout as pause } from 'node:timers/promises'

import { type Demand, atMost } from '../demands.ts'
import { cpuMsBetween } from '../processes/resources.ts'
import { type Cell, type Section, count, figure, none, text } from '../report.ts'
import { ratiosOf, spreadOf } from '../statistics.ts'
import { bareSpawn } from '../subject/bare-spawn.ts'
import { RunningTool } from '../subject/running-tool.ts'
import { BenchmarkWorkspace, type FunctionKind } from '../subject/workspace.ts'
import { type Phases, phasesOf, phaseNames } from './phases.ts'
import { SAVE_MS, START_MS, type Scenario, type ScenarioContext } from './scenario.ts'

const BARE = 'bare spawn'

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
  { tools, quick, report, say }: ScenarioContext,
): Promise<void> {
  const rounds = quick ? 8 : 30
  await using stack = new AsyncDisposableStack()
  const subjects: Subject[] = []
  // All idle beside each other, so that they can be measured in turns.
  for (const tool of tools) {
    const workspace = stack.use(await BenchmarkWorkspace.make(kind, 1))
    const running = stack.use(new RunningTool(tool, workspace.spec))
    say(`${title}: ${tool.name} starts`)
    const [one] = workspace.spec.functions
    const ready = await workspace.reporter.until(({ kind: what }) => what === 'ready', START_MS)
    if (ready === null || one === undefined) say(`${tool.name} is never ready: ${running.output}`)
    else subjects.push(new Subject(workspace, running))
  }
  const bareWorkspace = stack.use(await BenchmarkWorkspace.make(kind, 1))
  const found = new Map<string, Sample[]>()
  const note = (name: string, sample: Sample, round: number): void => {
    // The rounds before 0 warm caches.
    if (round >= 0) found.set(name, [...(found.get(name) ?? []), sample])
  }
  await pause(1_500)
  for (let round = -2; round < rounds; round += 1) {
    say(`${title}: round ${round + 1} of ${rounds}`)
    for (const subject of subjects) {
      if (!subject.hasGivenUp) note(subject.name, await subject.save(`r${round}`), round)
    }
    note(BARE, { ms: await bareSpawn(bareWorkspace, `r${round}`), cpuMs: 0, phases: null }, round)
  }
  report(tableOf(title, found, rounds))
  for (const section of phasesSection(title, found)) report(section)
}

/** One tool with one function. */
class Subject {
  #missedInARow = 0
  readonly #workspace: BenchmarkWorkspace
  readonly #running: RunningTool

  constructor(workspace: BenchmarkWorkspace, running: RunningTool) {
    this.#workspace = workspace
    this.#running = running
  }

  get name(): string {
    return this.#running.tool.name
  }

  /** To wait for it again and again would only make the others wait. */
  get hasGivenUp(): boolean {
    return this.#missedInARow >= 3
  }

  async save(revision: string): Promise<Sample> {
    const { spec, reporter } = this.#workspace
    const [one] = spec.functions
    if (one === undefined) throw new Error('a workspace without a function')
    const before = this.#running.family()
    this.#running.output = ''
    this.#workspace.edit(one, revision)
    const [savedAt, savedAtDate] = [performance.now(), Date.now()]
    const ready = await reporter.until((report) => report.revision === revision, SAVE_MS)
    const readyDate = Date.now()
    this.#missedInARow = ready === null ? this.#missedInARow + 1 : 0
    // What follows from the save belongs to it, and the next one comes after a quiet time.
    await pause(300 + Math.random() * 100)
    return {
      ms: ready === null ? null : ready.at - savedAt,
      cpuMs: cpuMsBetween(before, this.#running.family()),
      phases: phasesOf(this.#running.output, savedAtDate, readyDate),
    }
  }
}

function tableOf(
  title: string,
  found: ReadonlyMap<string, readonly Sample[]>,
  rounds: number,
): Section {
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
    title: `${title} (${rounds} rounds in turns)`,
    columns: ['tool', 'ms', '× bare', 'CPU ms', 'missed'],
    rows,
    notes: ['CPU: of the processes of the tool that outlive a save, in the mean.'],
    demands: demandsOf(title, found),
  }
}

function demandsOf(title: string, found: ReadonlyMap<string, readonly Sample[]>): Demand[] {
  const median = (name: string): number =>
    spreadOf(known((found.get(name) ?? []).map(({ ms }) => ms))).median
  const ours = median('singletrack')
  const peers = [...found.keys()].filter((name) => name !== 'singletrack' && name !== BARE)
  const [fastest] = peers.toSorted((one, other) => median(one) - median(other))
  return [
    ...(fastest === undefined
      ? []
      : [atMost(`${title}: × the fastest peer (${fastest})`, ours / median(fastest), 1)]),
    atMost(`${title}: × a bare spawn`, ours / median(BARE), 1.5),
  ]
}

/** Where the time between a save and a ready function goes, by the session's own events. */
function phasesSection(title: string, found: ReadonlyMap<string, readonly Sample[]>): Section[] {
  const all = (found.get('singletrack') ?? []).flatMap(({ phases }) => phases ?? [])
  if (all.length === 0) return []
  const rows = phaseNames.flatMap((name): [string, ...Cell[]][] => {
    const values = all.flatMap((phases) => phases.get(name) ?? [])
    return values.length === 0 ? [] : [[name, figure(spreadOf(values))]]
  })
  return [
    {
      scenario: 'save',
      title: `${title}: where singletrack's time goes`,
      columns: ['phase', 'ms'],
      rows,
      notes: ['By the clock of its events, in whole milliseconds.'],
      demands: [],
    },
  ]
}

const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value) => value !== null)

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
