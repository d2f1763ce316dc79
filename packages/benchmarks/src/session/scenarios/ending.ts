import { setTimeout as pause } from 'node:timers/promises'

import { Contenders, ToolFailure } from '../contenders.ts'
import type { Pace } from '../rounds.ts'
import { isFunction } from '../subject/is-function.ts'
import { RunningTool } from '../subject/running-tool.ts'
import { BenchmarkWorkspace } from '../subject/workspace.ts'
import type { Tool } from '../tools/tool.ts'
import { END_MS, START_MS, type ScenarioContext, roundsOf } from './scenario.ts'

/** How many functions there are to be ended. */
const FUNCTIONS = { full: 10, quick: 4 }

/** How long one waits for an end before counting what is left. */
export const LEFT_MS = 5_000

/** What came of one end. */
export interface Ending {
  /** Until nothing was left alive; `null`: something was, when the wait was over. */
  readonly ms: number | null
  /** Functions that were left. */
  readonly functions: number
  /** Processes that are neither functions nor a daemon that is meant to stay. */
  readonly others: number
}

/** What came of all ends of all tools. */
export interface Endings {
  readonly found: ReadonlyMap<string, readonly Ending[]>
  /** How many functions each tool had. */
  readonly functions: number
  readonly rounds: number
}

/**
 * Starts a tool with several functions, ends it, and watches what lives on.
 *
 * @throws {ToolFailure} where not all functions came up.
 */
async function endOnce(
  tool: Tool,
  functions: number,
  end: (running: RunningTool) => void,
): Promise<Ending> {
  await using workspace = await BenchmarkWorkspace.make('plain', functions)
  await using running = new RunningTool(tool, workspace.spec)
  for (const { name } of workspace.spec.functions) {
    const ready = await workspace.reporter.until((report) => report.name === name, START_MS)
    if (ready === null) throw new ToolFailure(`${name} did not start: ${running.lastWords}`)
  }
  // What a start still has to do is over, and the load of it too.
  await pause(1_000)
  const family = running.family().filter(({ command }) => tool.isDaemon?.(command) !== true)
  const startedAt = performance.now()
  end(running)
  const left = await running.gone(family, LEFT_MS)
  return {
    ms: left.length === 0 ? performance.now() - startedAt : null,
    functions: left.filter(isFunction).length,
    others: left.filter((process) => !isFunction(process)).length,
  }
}

/** Ends all tools in turns, and again, as often as the time allows. */
export async function endInTurns(
  { tools, quick, endsAt, gap, say }: ScenarioContext,
  how: {
    readonly name: string
    readonly paces: { readonly full: Pace; readonly quick: Pace }
    readonly end: (running: RunningTool) => void
  },
): Promise<Endings> {
  const contenders = new Contenders(tools, gap)
  const functions = quick ? FUNCTIONS.quick : FUNCTIONS.full
  const found = new Map<string, Ending[]>()
  let taken = 0
  for (const round of roundsOf({ quick, endsAt }, how.paces)) {
    taken = round + 1
    for (const tool of contenders.tools) {
      say(`${how.name}: ${tool.name}, round ${taken}`)
      const ending = await contenders.attempt(tool, START_MS + LEFT_MS + END_MS, async () =>
        endOnce(tool, functions, how.end),
      )
      if (ending !== null) found.set(tool.name, [...(found.get(tool.name) ?? []), ending])
    }
  }
  return { found, functions, rounds: taken }
}
