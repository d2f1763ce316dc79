import { type Cell, count, figure, none } from '../report.ts'
import { spreadOf } from '../statistics.ts'
import { type Ending, FUNCTIONS, endOnce } from './ending.ts'
import type { Scenario } from './scenario.ts'

/** From Ctrl-C until nothing is left alive, with ten functions. */
export const measureStop: Scenario = async ({ tools, quick, report, say }) => {
  const rounds = quick ? 1 : 7
  const found = new Map<string, Ending[]>()
  for (let round = 0; round < rounds; round += 1) {
    for (const tool of tools) {
      say(`Ctrl-C: ${tool.name}, round ${round + 1} of ${rounds}`)
      const ending = await endOnce(tool, (running) => running.interrupt())
      if (ending !== null) found.set(tool.name, [...(found.get(tool.name) ?? []), ending])
    }
  }
  report({
    scenario: 'stop',
    title: `Ctrl-C with ${FUNCTIONS} functions, until nothing is left alive (${rounds} rounds in turns)`,
    columns: ['tool', 'ms', 'functions left after 15 s', 'others left'],
    rows: tools.map(({ name }): [string, ...Cell[]] => {
      const endings = found.get(name)
      if (endings === undefined) return [name, none('did not start all'), none('–'), none('–')]
      return [
        name,
        figure(spreadOf(endings.flatMap(({ ms }) => ms ?? []))),
        count(Math.max(...endings.map(({ functions }) => functions))),
        count(Math.max(...endings.map(({ others }) => others))),
      ]
    }),
    notes: ['An interrupt for the whole process group, as a terminal sends it.'],
    demands: [],
  })
}
