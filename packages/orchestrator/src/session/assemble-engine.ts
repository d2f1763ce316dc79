import { randomBytes } from 'node:crypto'

import { LockAttribution } from '../attribution/index.ts'
import type { Target, Workspace } from '../configuration/index.ts'
import { JOB_MARK } from '../environment/index.ts'
import type { EventStream } from '../events/index.ts'
import { FunctionEndpoint } from '../invocation/index.ts'
import { DigestCache, currentOutputs } from '../outputs/index.ts'
import { straysOf, systemProcessTable } from '../processes/index.ts'
import { ChildGroups, supervisedSpawn } from '../run/index.ts'
import type { TargetState } from '../state/index.ts'
import { Journal, type RecordedStop, Watchdog } from '../watchdog/index.ts'
import { type AcquireLocks, BuildQueue } from './build-queue.ts'
import { Builder } from './builder.ts'
import { Engine } from './engine.ts'
import { runSurroundings } from './run-surroundings.ts'

export interface AssembleOptions {
  readonly workspace: Workspace
  readonly events: EventStream
  readonly colors: boolean
  /** Path of the journal of children. */
  readonly journal: string
  readonly acquire: AcquireLocks
}

/** Puts an engine on the real world: real children, each on record with a watchdog before it runs. */
export function assembleEngine(options: AssembleOptions): {
  readonly engine: Engine
  readonly functions: FunctionEndpoint
  readonly groups: ChildGroups
  readonly attribution: LockAttribution
  readonly watchdog: Watchdog
} {
  const { workspace, events, colors } = options
  const table = systemProcessTable()
  const watchdog = new Watchdog(new Journal(options.journal), table)
  watchdog.start()
  const recorder =
    (role: 'run' | 'build') =>
    async (target: Target, pid: number, job: string): Promise<void> => {
      const startTime = table.identity(pid)?.startTime
      // It is gone already, so there is nothing to end.
      if (startTime === undefined) return
      const stop = role === 'run' ? recordedStop(target, job) : null
      await watchdog.record({ pid, startTime, nonce: job, role, target: target.name, stop })
    }
  const digests = new DigestCache()
  const groups = new ChildGroups(supervisedSpawn)
  const shared = {
    events,
    spawn: groups.spawn,
    inherited: process.env,
    colors,
    now: Date.now,
    newJob,
    forget: (pid: number) => watchdog.forget(pid),
  }
  const { AWS_REGION: region, AWS_DEFAULT_REGION: otherwise } = process.env
  const functions = new FunctionEndpoint({ events, region: region ?? otherwise ?? 'us-east-1' })
  const engine: Engine = new Engine({
    workspace,
    events,
    now: Date.now,
    functions,
    runs: runSurroundings({
      ...shared,
      table,
      outputsNow: async (target) =>
        currentOutputs(
          engine.workspace.root,
          target.outputs,
          engine.actor(target.name)?.outputs ?? null,
          { cache: digests },
        ),
      generationOf: (name) => engine.actor(name)?.generation,
      record: recorder('run'),
    }),
    queue: (self) =>
      new BuildQueue({
        engine: self,
        events,
        now: Date.now,
        acquire: options.acquire,
        builder: new Builder({
          ...shared,
          workspace: () => self.workspace,
          digests,
          record: recorder('build'),
          straysOf: (jobs) => straysOf(table, jobs),
        }),
      }),
  })
  const attribution = new LockAttribution({
    events,
    table,
    workspace: () => engine.workspace,
    groupsOf: (name) => groupsOf(engine.actor(name)?.state()),
    inherited: process.env,
    now: Date.now,
  })
  return { engine, functions, groups, attribution, watchdog }
}

function groupsOf(state: TargetState | undefined): readonly number[] {
  if (state === undefined) return []
  const { build, run } = state
  return [build.kind === 'building' ? build.pid : null, 'pid' in run ? run.pid : null].filter(
    (pid) => pid !== null,
  )
}

function recordedStop({ run, cwd, env }: Target, job: string): RecordedStop | null {
  const command = run?.stop.command ?? null
  if (command === null) return null
  return {
    argv: command.kind === 'exec' ? command.argv : ['sh', '-c', command.line],
    cwd,
    env: { ...env, [JOB_MARK]: job },
  }
}

const newJob = (): string => randomBytes(16).toString('hex')
