import { atMost } from '../demands.ts'
import { type Cell, count, figure, none } from '../report.ts'
import { spreadOf } from '../statistics.ts'
import { LEFT_MS, endInTurns } from './ending.ts'
import type { Scenario } from './scenario.ts'

const PACES = {
  full: { warmUps: 0, least: 2, most: 6, budgetMs: 90_000 },
  quick: { warmUps: 0, least: 1, most: 1, budgetMs: 0 },
}

/** What lives on when the tool itself is killed and can do nothing more. */
export const measureOrphans: Scenario = async (context) => {
  const { tools, report } = context
  const end = {
    name: 'SIGKILL',
    paces: PACES,
    end: (running: { kill: () => void }) => running.kill(),
  }
  const { found, functions, rounds } = await endInTurns(context, end)
  const ours = (found.get('singletrack') ?? []).map((ending) => ending.functions + ending.others)
  report({
    scenario: 'orphans',
    title: `SIGKILL of the tool with ${functions} functions: what lives on (${rounds} rounds in turns)`,
    columns: [
      'tool',
      `functions left after ${LEFT_MS / 1_000} s`,
      'others left',
      'ms until none was',
    ],
    rows: tools.map(({ name }): [string, ...Cell[]] => {
      const endings = found.get(name)
      if (endings === undefined) return [name, none('did not start all'), none('–'), none('–')]
      return [
        name,
        count(Math.max(...endings.map((ending) => ending.functions))),
        count(Math.max(...endings.map(({ others }) => others))),
        figure(spreadOf(endings.flatMap(({ ms }) => ms ?? []))),
      ]
    }),
    notes: ['Of a tool that needs a process for each function, all of them are killed.'],
    // The worst round counts, not the median.
    demands: [
      atMost('Orphans of singletrack, ever', ours.length === 0 ? [] : [Math.max(...ours)], 0),
    ],
  })
}
