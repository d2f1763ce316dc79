import { atMost } from '../demands.ts'
import { type Cell, count, figure, none } from '../report.ts'
import { spreadOf } from '../statistics.ts'
import { type Ending, FUNCTIONS, endOnce } from './ending.ts'
import type { Scenario } from './scenario.ts'

/** What lives on when the tool itself is killed and can do nothing more. */
export const measureOrphans: Scenario = async ({ tools, quick, report, say }) => {
  const rounds = quick ? 1 : 5
  const found = new Map<string, Ending[]>()
  for (let round = 0; round < rounds; round += 1) {
    for (const tool of tools) {
      say(`SIGKILL: ${tool.name}, round ${round + 1} of ${rounds}`)
      const ending = await endOnce(tool, (running) => running.kill())
      if (ending !== null) found.set(tool.name, [...(found.get(tool.name) ?? []), ending])
    }
  }
  const orphans = (name: string): number =>
    Math.max(...(found.get(name) ?? []).map(({ functions, others }) => functions + others))
  report({
    scenario: 'orphans',
    title: `SIGKILL of the tool with ${FUNCTIONS} functions: what lives on (${rounds} rounds in turns)`,
    columns: ['tool', 'functions left after 15 s', 'others left', 'ms until none was'],
    rows: tools.map(({ name }): [string, ...Cell[]] => {
      const endings = found.get(name)
      if (endings === undefined) return [name, none('did not start all'), none('–'), none('–')]
      return [
        name,
        count(Math.max(...endings.map(({ functions }) => functions))),
        count(Math.max(...endings.map(({ others }) => others))),
        figure(spreadOf(endings.flatMap(({ ms }) => ms ?? []))),
      ]
    }),
    notes: ['Of a tool that needs a process for each function, all of them are killed.'],
    demands: [
      atMost(
        'Orphans of singletrack, ever',
        found.has('singletrack') ? orphans('singletrack') : Number.NaN,
        0,
      ),
    ],
  })
}
