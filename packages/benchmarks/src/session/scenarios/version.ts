import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { atMost } from '../demands.ts'
import { type Cell, figure } from '../report.ts'
import { ratiosOf, spreadOf } from '../statistics.ts'
import { SINGLETRACK } from '../tools/singletrack.ts'
import type { Scenario } from './scenario.ts'

const NODE = 'node -e 0'

/** What it costs to ask the command for its version, beside a Node that does nothing. */
export const measureVersion: Scenario = async ({ tools, quick, report, say }) => {
  const rounds = quick ? 15 : 60
  const commands = new Map<string, readonly [string, ...string[]]>([
    [NODE, [process.execPath, '-e', '0']],
    ['singletrack --version', [process.execPath, SINGLETRACK, '--version']],
  ])
  for (const { name, versionCommand } of tools) {
    if (versionCommand !== undefined) commands.set(`${name} --version`, versionCommand)
  }
  const found = new Map<string, number[]>([...commands.keys()].map((name) => [name, []]))
  for (let round = -2; round < rounds; round += 1) {
    say(`--version: round ${round + 1} of ${rounds}`)
    for (const [name, command] of commands) {
      const ms = await timed(command)
      // The rounds before 0 warm caches.
      if (round >= 0) found.get(name)?.push(ms)
    }
  }
  const bare = found.get(NODE) ?? []
  const ratios = (name: string): readonly number[] => ratiosOf(found.get(name) ?? [], bare)
  report({
    scenario: 'version',
    title: `To say a version (${rounds} rounds in turns)`,
    columns: ['command', 'ms', `× ${NODE}`],
    rows: [...found].map(([name, times]): [string, ...Cell[]] => [
      name,
      figure(spreadOf(times)),
      figure(spreadOf(ratios(name)), 2),
    ]),
    notes: [],
    demands: [
      atMost(
        `singletrack --version: × ${NODE}`,
        spreadOf(ratios('singletrack --version')).median,
        2,
      ),
    ],
  })
}

async function timed([program, ...args]: readonly [string, ...string[]]): Promise<number> {
  const startedAt = performance.now()
  await once(spawn(program, args, { stdio: 'ignore' }), 'exit')
  return performance.now() - startedAt
}
