import { type Cell, count, figure, none } from '../report.ts'
import { spreadOf } from '../statistics.ts'
import { LEFT_MS, endInTurns } from './ending.ts'
import type { Scenario } from './scenario.ts'

const PACES = {
  full: { warmUps: 0, least: 2, most: 7, budgetMs: 60_000 },
  quick: { warmUps: 0, least: 1, most: 1, budgetMs: 0 },
}

/** From Ctrl-C until nothing is left alive, with ten functions, or four in a quick look. */
export const measureStop: Scenario = async (context) => {
  const { tools, report } = context
  const end = {
    name: 'Ctrl-C',
    paces: PACES,
    end: (running: { interrupt: () => void }) => running.interrupt(),
  }
  const { found, functions, rounds } = await endInTurns(context, end)
  report({
    scenario: 'stop',
    title: `Ctrl-C with ${functions} functions, until nothing is left alive (${rounds} rounds in turns)`,
    columns: ['tool', 'ms', `functions left after ${LEFT_MS / 1_000} s`, 'others left'],
    rows: tools.map(({ name }): [string, ...Cell[]] => {
      const endings = found.get(name)
      if (endings === undefined) return [name, none('did not start all'), none('–'), none('–')]
      return [
        name,
        figure(spreadOf(endings.flatMap(({ ms }) => ms ?? []))),
        count(Math.max(...endings.map((ending) => ending.functions))),
        count(Math.max(...endings.map(({ others }) => others))),
      ]
    }),
    notes: ['An interrupt for the whole process group, as a terminal sends it.'],
    demands: [],
  })
}
