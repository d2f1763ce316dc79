import { setTimeout as pause } from 'node:timers/promises'

import { isFunction } from '../subject/is-function.ts'
import { RunningTool } from '../subject/running-tool.ts'
import { BenchmarkWorkspace } from '../subject/workspace.ts'
import type { Tool } from '../tools/tool.ts'
import { START_MS } from './scenario.ts'

/** How many functions there are to be ended. */
export const FUNCTIONS = 10

/** How long one waits for an end before counting what is left. */
const END_MS = 15_000

/** What came of one end. */
export interface Ending {
  /** Until nothing was left alive; `null`: something was, when the wait was over. */
  readonly ms: number | null
  /** Functions that were left. */
  readonly functions: number
  /** Processes that are neither functions nor a daemon that is meant to stay. */
  readonly others: number
}

/**
 * Starts a tool with ten functions, ends it, and watches what lives on. `null` where not all
 * functions came up.
 */
export async function endOnce(
  tool: Tool,
  end: (running: RunningTool) => void,
): Promise<Ending | null> {
  await using workspace = await BenchmarkWorkspace.make('plain', FUNCTIONS)
  await using running = new RunningTool(tool, workspace.spec)
  for (const { name } of workspace.spec.functions) {
    const ready = await workspace.reporter.until((report) => report.name === name, START_MS)
    if (ready === null) return null
  }
  // What a start still has to do is over, and the load of it too.
  await pause(1_000)
  const family = running.family().filter(({ command }) => tool.isDaemon?.(command) !== true)
  const startedAt = performance.now()
  end(running)
  const left = await running.gone(family, END_MS)
  return {
    ms: left.length === 0 ? performance.now() - startedAt : null,
    functions: left.filter(isFunction).length,
    others: left.filter((process) => !isFunction(process)).length,
  }
}
