import { setTimeout as pause } from 'node:timers/promises'

import { type Phases, phasesOf } from '../scenarios/phases.ts'
import type { Tool } from '../tools/tool.ts'
import { untilAnswered } from './invoke.ts'
import { RunningTool } from './running-tool.ts'
import { BenchmarkWorkspace } from './workspace.ts'

/** What one save has led to, as the callers of the functions see it. */
export interface Saved {
  /** Until the first caller had an answer made from what was saved; `null`: none had. */
  readonly firstMs: number | null
  /** Until every caller had. */
  readonly allMs: number | null
  readonly builds: number
  /** Lines of Cargo that say it waits for a lock. */
  readonly blocked: number
  readonly lost: number
  /** Of the last to answer. */
  readonly phases: Phases | null
  /** What was said in place of the answer that was waited for. */
  readonly instead: string
}

/** Lambda functions of a Cargo workspace under one tool, and callers who invoke them. */
export class InvokedFunctions implements AsyncDisposable {
  readonly running: RunningTool
  readonly #workspace: BenchmarkWorkspace

  private constructor(workspace: BenchmarkWorkspace, running: RunningTool) {
    this.#workspace = workspace
    this.running = running
  }

  static async start(tool: Tool, functions: number): Promise<InvokedFunctions> {
    const workspace = await BenchmarkWorkspace.make('lambda', functions)
    try {
      return new InvokedFunctions(workspace, new RunningTool(tool, workspace.spec))
    } catch (error) {
      await workspace[Symbol.asyncDispose]()
      throw error
    }
  }

  /** Calls all functions before anything is built. */
  async first(limitMs: number): Promise<Saved> {
    const moment = { at: this.running.startedAt, date: Date.now() }
    return this.#called('shared', this.#workspace.firstRevision, this.#names(), limitMs, moment)
  }

  /** Saves what all functions share, and calls all; or the source of one, and calls that one. */
  async save(what: 'shared' | 'own', revision: string, limitMs: number): Promise<Saved> {
    const [one] = this.#workspace.spec.functions
    if (one === undefined) throw new Error('a workspace without a function')
    this.running.output = ''
    if (what === 'shared') this.#workspace.editShared(revision)
    else this.#workspace.edit(one, revision)
    const moment = { at: performance.now(), date: Date.now() }
    const names = what === 'shared' ? this.#names() : [one.name]
    return this.#called(what, revision, names, limitMs, moment)
  }

  /** Kills the tool, and counts what lives on. */
  async kill(limitMs: number): Promise<{ readonly functions: number; readonly others: number }> {
    const family = this.running.family()
    this.running.kill()
    const left = await this.running.gone(family, limitMs)
    const functions = left.filter(({ command }) =>
      /^target\/debug\/|\/target\/debug\//.test(command),
    )
    return { functions: functions.length, others: left.length - functions.length }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running[Symbol.asyncDispose]()
    await this.#workspace[Symbol.asyncDispose]()
  }

  async #called(
    what: 'shared' | 'own',
    revision: string,
    names: readonly string[],
    limitMs: number,
    moment: { readonly at: number; readonly date: number },
  ): Promise<Saved> {
    const before = this.#workspace.builds
    const answers = await Promise.all(
      names.map(async (name) => ({
        name,
        ...(await untilAnswered(() => this.#endpoint(), name, `"${what}":"${revision}"`, limitMs)),
      })),
    )
    // Whatever is built once more without need shows by then.
    await pause(1_500)
    const times = answers.map(({ at }) => (at === null ? null : at - moment.at))
    const known = times.filter((ms) => ms !== null)
    const allMs = known.length < times.length ? null : Math.max(...known)
    const last = answers.find(({ at }) => at !== null && at - moment.at === allMs)
    const { output } = this.running
    return {
      firstMs: known.length === 0 ? null : Math.min(...known),
      allMs,
      builds: this.#workspace.builds - before,
      blocked: output.split('Blocking waiting for file lock').length - 1,
      lost: answers.reduce((sum, { lost }) => sum + lost, 0),
      phases:
        last === undefined || allMs === null
          ? null
          : phasesOf(output, {
              savedAt: moment.date,
              answeredAt: moment.date + allMs,
              target: last.name,
            }),
      instead: answers.map(({ instead }) => instead).find((text) => text !== '') ?? '',
    }
  }

  #endpointFound: string | null = null

  /** It is told once, when the tool starts. */
  #endpoint(): string | null {
    const { tool, spec, output } = this.running
    this.#endpointFound ??= tool.endpoint?.(spec, output) ?? null
    return this.#endpointFound
  }

  #names(): readonly string[] {
    return this.#workspace.spec.functions.map(({ name }) => name)
  }
}
