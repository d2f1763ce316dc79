import { setTimeout as sleep } from 'node:timers/promises'

import type { Target } from '../configuration/index.ts'
import { childEnvironment } from '../environment/index.ts'
import type { EventStream } from '../events/index.ts'
import type { OutputsFingerprint } from '../outputs/index.ts'
import { type ProcessTable, endStrays } from '../processes/index.ts'
import { waitUntilReady } from '../readiness/index.ts'
import { type RunSurroundings, type Spawn, runStopCommand } from '../run/index.ts'

export interface RunSurroundingsOptions {
  readonly events: EventStream
  readonly spawn: Spawn
  readonly table: ProcessTable
  readonly inherited: Readonly<Record<string, string | undefined>>
  readonly colors: boolean
  readonly now: () => number
  readonly newJob: () => string
  readonly outputsNow: (target: Target) => Promise<OutputsFingerprint>
  readonly generationOf: (target: string) => number | undefined
  readonly record: (target: Target, pid: number, job: string) => Promise<void>
  readonly forget: (pid: number) => void
}

/** The real world around the runs of a session. */
export function runSurroundings(options: RunSurroundingsOptions): RunSurroundings {
  const { events, spawn, table, now } = options
  const environment = (
    target: Target,
    job: string,
    variables: Readonly<Record<string, string>> = {},
  ): Record<string, string> =>
    childEnvironment({
      inherited: options.inherited,
      own: { ...target.env, ...variables },
      job,
      colors: options.colors,
    })
  let nextRun = 1
  return {
    spawn,
    newJob: options.newJob,
    environment,
    outputsNow: options.outputsNow,
    now,
    nextRunId: () => nextRun++,
    emit: (body, cause) =>
      events.emit(body, {
        cause,
        generation:
          'target' in body && body.target !== undefined
            ? options.generationOf(body.target)
            : undefined,
      }),
    record: options.record,
    endStrays: async (job) => endStrays(table, job),
    forget: options.forget,
    waitUntilReady: async ({ target, run, child, job, onLines, signal, onSlow }) =>
      waitUntilReady({
        readiness: run.ready,
        pgid: child.pid,
        lines: (listener) => onLines(({ line }) => listener(line)),
        signal,
        onSlow,
        cwd: target.cwd,
        env: environment(target, job),
        table,
      }),
    isPortFree: async (port) => table.isPortFree(port),
    portHolder: async (port) => {
      const [listener] = await table.listeners(port)
      if (listener === undefined) return 'another process'
      return listener.pid === null
        ? 'a process of another user'
        : `${listener.command} (pid ${listener.pid})`
    },
    runStopCommand: async (target, job) => {
      const problem = await runStopCommand(target, {
        spawn,
        env: environment(target, job),
        onLine: (line) =>
          void events.emit({ type: 'output', target: target.name, source: 'run', ...line }),
      })
      if (problem !== null)
        events.emit({
          type: 'warning',
          code: 'STOP_COMMAND',
          message: problem,
          target: target.name,
        })
    },
    sleep: async (ms, signal) => {
      await sleep(ms, undefined, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error
      })
    },
  }
}
