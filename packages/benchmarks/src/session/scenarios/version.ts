import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { atMost } from '../demands.ts'
import { type Cell, figure } from '../report.ts'
import { ratiosOf, spreadOf } from '../statistics.ts'
import { measuredEnvironment } from '../subject/environment.ts'
import { SINGLETRACK } from '../tools/singletrack.ts'
import { type Scenario, roundsOf } from './scenario.ts'

const NODE = 'node -e 0'

/** A command that takes longer hangs. */
const LIMIT_MS = 20_000

const PACES = {
  full: { warmUps: 2, least: 15, most: 60, budgetMs: 30_000 },
  quick: { warmUps: 1, least: 5, most: 15, budgetMs: 6_000 },
}

/** What it costs to ask the command for its version, beside a Node that does nothing. */
export const measureVersion: Scenario = async ({ tools, quick, endsAt, report, gap, say }) => {
  const hung = new Set<string>()
  const commands = new Map<string, readonly [string, ...string[]]>([
    [NODE, [process.execPath, '-e', '0']],
    ['singletrack --version', [process.execPath, SINGLETRACK, '--version']],
  ])
  for (const { name, versionCommand } of tools) {
    if (versionCommand !== undefined) commands.set(`${name} --version`, versionCommand)
  }
  const found = new Map<string, number[]>([...commands.keys()].map((name) => [name, []]))
  for (const round of roundsOf({ quick, endsAt }, PACES)) {
    say(`--version: round ${round + 1}`)
    for (const [name, command] of commands) {
      if (hung.has(name)) continue
      const ms = await timed(command)
      if (ms === null) {
        hung.add(name)
        gap(name, `did not end within ${LIMIT_MS / 1_000} s`)
      } else if (round >= 0) found.get(name)?.push(ms)
    }
  }
  const bare = found.get(NODE) ?? []
  const ratios = (name: string): readonly number[] => ratiosOf(found.get(name) ?? [], bare)
  report({
    scenario: 'version',
    title: `To say a version (${bare.length} rounds in turns)`,
    columns: ['command', 'ms', `× ${NODE}`],
    rows: [...found].map(([name, times]): [string, ...Cell[]] => [
      name,
      figure(spreadOf(times)),
      figure(spreadOf(ratios(name)), 2),
    ]),
    notes: [],
    demands: [atMost(`singletrack --version: × ${NODE}`, ratios('singletrack --version'), 2)],
  })
}

/** How long it took, in ms; `null` when it had to be killed. */
async function timed([program, ...args]: readonly [string, ...string[]]): Promise<number | null> {
  const startedAt = performance.now()
  const child = spawn(program, args, {
    env: measuredEnvironment(),
    stdio: 'ignore',
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  await once(child, 'exit')
  return child.signalCode === null ? performance.now() - startedAt : null
}
