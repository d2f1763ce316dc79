import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

import { type Joined, type Lease, withLocks } from '@singletrack/lockfile'

import { type BuildTarget, buildKey, hasBuild } from '../build/index.ts'
import type { Workspace } from '../configuration/index.ts'
import type { BuildReport } from '../control/index.ts'
import { EventStream, type SessionEvent } from '../events/index.ts'
import { withDependencies } from '../graph/index.ts'
import { buildReport } from '../session/answers.ts'
import { assembleEngine } from '../session/assemble-engine.ts'
import {
  type BuildLease,
  buildLease,
  locksOf,
  nothing,
  withoutLocks,
} from '../session/build-locks.ts'
import { stateDirectory } from '../state-directory/index.ts'
import { Journal } from '../watchdog/index.ts'
import { newestInput } from './newest-input.ts'

export interface BuildOnceOptions {
  readonly workspace: Workspace
  /** All targets with a build when empty. */
  readonly targets: readonly string[]
  /** Never take the outcome of somebody else's build. */
  readonly fresh: boolean
  /** Submit nothing more after the first failure. */
  readonly bail: boolean
  readonly colors?: boolean
  readonly signal: AbortSignal
  readonly onEvent?: (event: SessionEvent) => void
  /** Hears at once whom we wait for, and again when that changes. */
  readonly onWait?: (message: string) => void
}

export type BuildOnceResult =
  | { readonly kind: 'built'; readonly reports: readonly BuildReport[] }
  /** An equal build was under way; this is what came of it. */
  | {
      readonly kind: 'joined'
      readonly ok: boolean
      readonly exitCode: number | null
      readonly summary: string | null
      readonly startedBeforeRequest: boolean
    }

/**
 * Builds once, without a session, in dependency order. The locks of all resources are held for the
 * whole invocation, so that an equal one elsewhere can share it as one. Resolves also for a build
 * that failed; rejects with the signal's reason when it is aborted while waiting.
 */
export async function buildOnce(options: BuildOnceOptions): Promise<BuildOnceResult> {
  const { workspace } = options
  const names = options.targets.length > 0 ? options.targets : [...workspace.targets.keys()]
  const targets = withDependencies(workspace.targets, names).flatMap((name) => {
    const target = workspace.targets.get(name)
    return target !== undefined && hasBuild(target) ? [target] : []
  })
  if (targets.length === 0) return { kind: 'built', reports: [] }
  await stateDirectory(workspace.root)
  const locks = locksOf(
    workspace,
    targets.flatMap(({ build }) => Object.keys(build.uses)),
  )
  if (locks.length === 0)
    return { kind: 'built', reports: await buildUnder(null, targets, options) }
  let reports: readonly BuildReport[] | null = null
  const build = async (lease: Lease): Promise<readonly BuildReport[]> => {
    reports = await buildUnder(lease, targets, options)
    return reports
  }
  const result = await withLocks(locks, build, {
    label: 'singletrack build',
    purpose: `building ${targets.map(({ name }) => name).join(', ')}`,
    key: buildKey(targets),
    join: options.fresh ? 'never' : 'same-key',
    since: await newestInput(workspace.root, targets),
    signal: options.signal,
    ...(options.onWait === undefined ? {} : { onWait: ({ message }) => options.onWait?.(message) }),
  }).catch((error: unknown) => {
    // A lock that was lost is not ours to let go; the build that it cost tells of it.
    if (reports === null) throw error
    return { kind: 'ran', value: reports } as const
  })
  switch (result.kind) {
    case 'ran':
      return { kind: 'built', reports: result.value }
    case 'joined':
      return joined(result)
    case 'already-watching':
      throw new Error('a build does not take the watch lock')
  }
}

const joined = ({ outcome, startedBeforeRequest }: Joined): BuildOnceResult => ({
  kind: 'joined',
  ok: outcome.status === 'ok',
  exitCode: outcome.exitCode ?? null,
  summary: outcome.summary ?? null,
  startedBeforeRequest,
})

async function buildUnder(
  lease: Lease | null,
  targets: readonly BuildTarget[],
  options: BuildOnceOptions,
): Promise<readonly BuildReport[]> {
  const events = new EventStream()
  if (options.onEvent !== undefined) events.subscribe(options.onEvent)
  // The process group of one build can be published at a time, so under locks they go one by one.
  const workspace = {
    ...options.workspace,
    concurrency: lease === null ? options.workspace.concurrency : 1,
  }
  const journal = join(
    workspace.root,
    '.singletrack',
    `journal.build-${randomBytes(4).toString('hex')}`,
  )
  const { engine, watchdog } = assembleEngine({
    workspace,
    events,
    colors: options.colors ?? false,
    journal,
    acquire: async () => Promise.resolve(borrowed(lease)),
  })
  const abort = (): void => void engine.queue.close()
  options.signal.addEventListener('abort', abort, { once: true })
  if (options.bail) events.subscribe((event) => event.type === 'build-failed' && abort())
  try {
    engine.build(
      targets.map(({ name }) => name),
      true,
    )
    const reports = await engine.tracker.until(() => {
      const found = targets.map(({ name }) => {
        const state = engine.actor(name)?.state()
        return state === undefined ? null : buildReport(state, true)
      })
      return found.every((report) => report !== null) ? found : null
    }, new AbortController().signal)
    await engine.queue.close()
    const failed = reports === 'aborted' ? [] : reports.filter(({ status }) => status === 'failed')
    if (lease?.signal.aborted !== true) await lease?.release(outcomeOf(options.signal, failed))
    return reports === 'aborted' ? [] : reports
  } finally {
    options.signal.removeEventListener('abort', abort)
    await engine.queue.close()
    await watchdog[Symbol.asyncDispose]()
    new Journal(journal).remove()
  }
}

/** What others who waited for the whole invocation are told. */
function outcomeOf(
  signal: AbortSignal,
  failed: readonly BuildReport[],
): Parameters<Lease['release']>[0] {
  if (signal.aborted) return { status: 'aborted' }
  const [first] = failed
  if (first?.status !== 'failed') return { status: 'ok', exitCode: 0 }
  const summary = failed
    .map((report) => `${report.target}: ${report.status === 'failed' ? report.headline : ''}`)
    .join('\n')
  return { status: 'failed', exitCode: first.exitCode ?? 1, summary }
}

/** The invocation's lease as each build sees it: used, and left as it is. */
function borrowed(lease: Lease | null): BuildLease {
  if (lease === null) return withoutLocks()
  return { ...buildLease(lease), release: nothing, [Symbol.asyncDispose]: nothing }
}
