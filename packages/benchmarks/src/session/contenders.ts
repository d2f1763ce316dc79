import { setTimeout as pause } from 'node:timers/promises'

import { RunningTool } from './subject/running-tool.ts'
import type { Tool, ToolName } from './tools/tool.ts'

/** What was not measured, and why. */
export interface Gap {
  readonly scenario: string
  readonly tool: string
  readonly because: string
}

/** A tool did not do what it was asked to: no fault of the benchmark, and the end of its part. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure'
}

/**
 * The tools that take part in a scenario. One that fails or hangs is out: its processes are killed,
 * its gap is named, and the others go on.
 */
export class Contenders {
  readonly #tools: readonly Tool[]
  readonly #onGap: (tool: ToolName, because: string) => void
  readonly #out = new Map<ToolName, string>()

  constructor(tools: readonly Tool[], onGap: (tool: ToolName, because: string) => void) {
    this.#tools = tools
    this.#onGap = onGap
  }

  /** Those that are still in. */
  get tools(): readonly Tool[] {
    return this.#tools.filter(({ name }) => !this.#out.has(name))
  }

  /** Why a tool is out; `null` while it is in. */
  whyOut(name: ToolName): string | null {
    return this.#out.get(name) ?? null
  }

  drop(name: ToolName, because: string): void {
    if (this.#out.has(name)) return
    this.#out.set(name, because)
    this.#onGap(name, because)
  }

  /** Takes one step with a tool. `null`: it failed, or hung for so long, or was out before. */
  async attempt<T>(tool: Tool, limitMs: number, step: () => Promise<T>): Promise<T | null> {
    if (this.#out.has(tool.name)) return null
    const limit = new AbortController()
    try {
      return await Promise.race([step(), hangs(limitMs, limit.signal)])
    } catch (error) {
      RunningTool.killAll(tool.name)
      this.drop(tool.name, error instanceof Error ? error.message : String(error))
      return null
    } finally {
      limit.abort()
    }
  }
}

async function hangs(limitMs: number, signal: AbortSignal): Promise<never> {
  await pause(limitMs, null, { signal })
  throw new ToolFailure(`hung: killed after ${Math.round(limitMs / 1_000)} s`)
}
