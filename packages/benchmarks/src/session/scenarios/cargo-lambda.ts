import { setTimeout as pause } from 'node:timers/promises'

import { Contenders, ToolFailure } from '../contenders.ts'
import { type Demand, atMost } from '../demands.ts'
import { type Cell, count, dashes, figure, none } from '../report.ts'
import { ratiosOf, spreadOf } from '../statistics.ts'
import { findCargo } from '../subject/find-cargo.ts'
import { InvokedFunctions, type Saved } from '../subject/invoked-functions.ts'
import { LEFT_MS } from './ending.ts'
import { phasesSection, profileOf } from './phases-report.ts'
import { END_MS, START_MS, type Scenario, roundsOf } from './scenario.ts'

const FUNCTIONS = 3

/** How long the functions may take to answer after a save. */
const ANSWER_MS = 60_000

const PACES = {
  full: { warmUps: 1, least: 3, most: 10, budgetMs: 90_000 },
  quick: { warmUps: 0, least: 1, most: 2, budgetMs: 15_000 },
}

/** Everything that was found of one tool. */
interface Found {
  /** From the first invocations, before anything is built, until all functions have answered. */
  readonly coldMs: number
  readonly shared: Saved[]
  readonly own: Saved[]
  left: { readonly functions: number; readonly others: number } | null
}

/** Functions of a Cargo workspace, saved and invoked, as `cargo lambda watch` is used for. */
export const measureCargoLambda: Scenario = async ({ tools, quick, endsAt, report, gap, say }) => {
  if (findCargo() === null) {
    gap('all', 'Cargo is not installed')
    return
  }
  const title = `Lambda functions of a Cargo workspace`
  const startedAt = performance.now()
  const contenders = new Contenders(tools, gap)
  await using stack = new AsyncDisposableStack()
  const subjects: InvokedFunctions[] = []
  const found = new Map<string, Found>()
  for (const tool of tools) {
    say(`${title}: ${tool.name} starts`)
    await contenders.attempt(tool, START_MS + ANSWER_MS + END_MS, async () => {
      const subject = stack.use(await InvokedFunctions.start(tool, FUNCTIONS))
      const { allMs, instead } = await subject.first(START_MS + ANSWER_MS)
      if (allMs === null)
        throw new ToolFailure(`no answer: ${instead || subject.running.lastWords}`)
      subjects.push(subject)
      found.set(tool.name, { coldMs: allMs, shared: [], own: [], left: null })
    })
  }
  for (const round of roundsOf({ quick, endsAt }, PACES, startedAt)) {
    for (const kind of ['shared', 'own'] as const) {
      for (const subject of subjects) {
        const { tool } = subject.running
        say(`${title}: ${tool.name}, ${kind} source, round ${round + 1}`)
        const saved = await contenders.attempt(tool, ANSWER_MS + END_MS, async () =>
          subject.save(kind, `${kind}-${round}`, ANSWER_MS),
        )
        if (saved === null) continue
        if (round >= 0) found.get(tool.name)?.[kind].push(saved)
        if (saved.allMs === null)
          contenders.drop(tool.name, `no new answer after a save: ${saved.instead}`)
      }
    }
  }
  for (const subject of subjects) {
    const { tool } = subject.running
    say(`${title}: SIGKILL of ${tool.name}`)
    const left = await contenders.attempt(tool, LEFT_MS + END_MS, async () => subject.kill(LEFT_MS))
    const entry = found.get(tool.name)
    if (entry !== undefined) entry.left = left
    // The port, the processor and the disk are the next one's.
    await pause(200)
  }
  const taken = Math.max(0, ...[...found.values()].map(({ own }) => own.length))
  const dash = none('–')
  report({
    scenario: 'cargo-lambda',
    title: `${title}: ${FUNCTIONS} functions (${taken} rounds in turns)`,
    columns: [
      'tool',
      'cold: all answer ms',
      'shared: first answers ms',
      'shared: all answer ms',
      'builds',
      'blocked',
      'own: answers ms',
      'builds',
      'lost calls',
      `left ${LEFT_MS / 1_000} s after SIGKILL`,
    ],
    rows: tools.map(({ name }): [string, ...Cell[]] => {
      const one = found.get(name)
      if (one === undefined) return [name, none('see the gaps'), ...dashes(8)]
      const { shared, own, left } = one
      return [
        name,
        figure(spreadOf([one.coldMs])),
        cellOf(shared, ({ firstMs }) => firstMs),
        cellOf(shared, ({ allMs }) => allMs),
        cellOf(shared, ({ builds }) => builds),
        count(Math.max(0, ...[...shared, ...own].map(({ blocked }) => blocked))),
        cellOf(own, ({ allMs }) => allMs),
        cellOf(own, ({ builds }) => builds),
        count([...shared, ...own].reduce((sum, { lost }) => sum + lost, 0)),
        left === null ? dash : count(left.functions + left.others),
      ]
    }),
    notes: [
      'From a save until callers who ask again and again have an answer made from it; each asks 20 ms after its last answer, and again after 5 s without one ("lost calls").',
      'Shared: the library of all functions was saved, and all are called. Own: a source of one, and that one is called. Builds: how often `cargo build` or `cargo run` was started. Blocked: the most lines "Blocking waiting for file lock" after one save.',
    ],
    demands: demandsOf(found),
  })
  for (const kind of ['shared', 'own'] as const) {
    const phases = (found.get('singletrack')?.[kind] ?? []).map((saved) => saved.phases)
    for (const section of phasesSection('cargo-lambda', `${title}, ${kind} source`, phases))
      report(section)
  }
}

function cellOf(all: readonly Saved[], pick: (saved: Saved) => number | null): Cell {
  return figure(spreadOf(all.flatMap((saved) => pick(saved) ?? [])))
}

function demandsOf(found: ReadonlyMap<string, Found>): Demand[] {
  const [ours, peer] = [found.get('singletrack'), found.get('cargo-lambda')]
  if (ours === undefined) return []
  const blocked = [...ours.shared, ...ours.own].map((saved) => saved.blocked)
  const compared = (['shared', 'own'] as const).flatMap((kind) => {
    if (peer === undefined) return []
    const times = ({ [kind]: all }: Found): readonly (number | null)[] =>
      all.map(({ allMs }) => allMs)
    const profile = profileOf(ours[kind].map(({ phases }) => phases))
    const name = `Lambda functions, ${kind} source saved → answered: × cargo-lambda`
    return [atMost(name, ratiosOf(times(ours), times(peer)), 1, profile)]
  })
  return [
    ...compared,
    atMost(
      'Lambda functions: builds of singletrack that had to wait',
      blocked.length === 0 ? [] : [Math.max(...blocked)],
      0,
    ),
    atMost(
      'Lambda functions: orphans of singletrack after SIGKILL',
      ours.left === null ? [] : [ours.left.functions + ours.left.others],
      0,
    ),
  ]
}
