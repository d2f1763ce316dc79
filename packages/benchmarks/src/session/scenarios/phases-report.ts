import type { Profile } from '../demands.ts'
import { type Cell, type Section, figure } from '../report.ts'
import { spreadOf } from '../statistics.ts'
import type { PhaseName, Phases } from './phases.ts'

/** What a table says of each phase. */
const MEANINGS: Readonly<Record<PhaseName, string>> = {
  event: 'the save → its first event',
  debounce: 'the first event → told as a change',
  turn: 'builds of other targets that go first',
  lock: 'told → its build runs, without the builds of others',
  build: 'the build itself',
  swap: 'decided (outputs compared) → the old run is asked to stop',
  stop: 'asked to stop → gone, with its group',
  spawn: 'gone → its port is free and the new process is there',
  program: 'the process is there → it listens',
  probe: 'it listens → seen as ready',
  answer: 'ready → the caller has its answer',
  boot: 'the command is started → it has read its configuration',
  tree: 'configuration read → all is watched',
}

/** The median of each phase. */
export function profileOf(all: readonly (Phases | null)[]): Profile {
  return phasesIn(all).map(([name, values]) => [name, spreadOf(values).median])
}

/** The table that says where the time goes; none where no session told anything. */
export function phasesSection(
  scenario: string,
  title: string,
  all: readonly (Phases | null)[],
): readonly Section[] {
  const found = phasesIn(all)
  if (found.length === 0) return []
  return [
    {
      scenario,
      title: `${title}: where singletrack's time goes`,
      columns: ['phase', 'ms'],
      rows: found.map(([name, values]): [string, ...Cell[]] => [
        `${name}: ${MEANINGS[name]}`,
        figure(spreadOf(values)),
      ]),
      notes: ['By the clock of its events, in whole milliseconds.'],
      demands: [],
    },
  ]
}

/** In the order in which they follow each other. */
function phasesIn(
  all: readonly (Phases | null)[],
): readonly (readonly [name: PhaseName, values: readonly number[]])[] {
  // A round that skipped one has the others in their order all the same.
  const longest = all.toSorted((one, other) => (other?.size ?? 0) - (one?.size ?? 0))
  const names = [...new Set(longest.flatMap((phases) => [...(phases?.keys() ?? [])]))]
  return names.map((name) => [name, all.flatMap((phases) => phases?.get(name) ?? [])])
}
