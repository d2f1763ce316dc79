import {
  type BuildEnd,
  type CargoResolution,
  buildCommand,
  describeCommand,
  runBuildProcess,
} from '../build/index.ts'
import type { Target, Workspace } from '../configuration/index.ts'
import type { CargoMessage } from '../diagnostics/index.ts'
import { childEnvironment } from '../environment/index.ts'
import type { EventStream } from '../events/index.ts'
import { type DigestCache, hashOutputs, sameOutputs } from '../outputs/index.ts'
import type { RemainingProcess } from '../processes/index.ts'
import type { ChildLine, Spawn } from '../run/index.ts'
import type { End } from '../state/index.ts'
import { BuildFindings } from './build-findings.ts'
import type { BuildLease, BuildLockOutcome } from './build-locks.ts'
import {
  type MemberOutcome,
  type Members,
  buildTargets,
  isCargo,
  resolutionOf,
  sharedVariables,
} from './build-members.ts'
import { BuildProgress } from './build-progress.ts'
import { BuildStrays } from './build-strays.ts'
import type { TargetActor } from './target-actor.ts'

export interface BuilderOptions {
  readonly workspace: () => Workspace
  readonly events: EventStream
  readonly spawn: Spawn
  readonly inherited: Readonly<Record<string, string | undefined>>
  readonly colors: boolean
  readonly now: () => number
  /** Called before the program of a build runs, and when its group is gone. */
  readonly record: (target: Target, pid: number, job: string) => Promise<void>
  readonly forget: (pid: number) => void
  /** What builds whose groups are gone have left outside of them, by their marks. */
  readonly straysOf: (jobs: ReadonlySet<string>) => ReadonlyMap<string, readonly RemainingProcess[]>
  readonly newJob: () => string
  readonly digests: DigestCache
}

type Report = (member: TargetActor, outcome: MemberOutcome) => void

const LOCK_LOST = 'the build lock was lost while building; somebody removed or broke it'

/**
 * Carries out builds: one command for one or several targets, its output, its diagnostics, its
 * outputs compared with the last good ones, and an outcome for each member.
 */
export class Builder implements Disposable {
  readonly #options: BuilderOptions
  readonly #strays: BuildStrays
  #nextBuild = 1

  constructor(options: BuilderOptions) {
    this.#options = options
    this.#strays = new BuildStrays(options.straysOf)
  }

  /** Tells what is still to be told of builds that have ended. */
  [Symbol.dispose](): void {
    this.#strays[Symbol.dispose]()
  }

  /**
   * Builds `members` with one command while `lease` is held. `report` is called as soon as the
   * outcome of a member is known, before the command has ended where its output allows.
   */
  async build(
    members: Members,
    lease: BuildLease,
    signal: AbortSignal,
    report: Report,
  ): Promise<void> {
    const options = { ...this.#options, strays: this.#strays }
    await new BuildRun(members, this.#nextBuild++, lease, options, report).carryOut(signal)
  }
}

interface BuildRunOptions extends BuilderOptions {
  readonly strays: BuildStrays
}

/** One build, from its start to the outcome of its last member. */
class BuildRun {
  readonly #members: Members
  readonly #lease: BuildLease
  readonly #options: BuildRunOptions
  readonly #onOutcome: Report
  readonly #findings: BuildFindings
  readonly #progress: BuildProgress
  readonly #resolution: CargoResolution | null
  readonly #decided = new Set<TargetActor>()
  readonly #pending = new Set<Promise<void>>()

  constructor(
    members: Members,
    id: number,
    lease: BuildLease,
    options: BuildRunOptions,
    onOutcome: Report,
  ) {
    this.#members = members
    this.#lease = lease
    this.#options = options
    this.#onOutcome = onOutcome
    const { root } = options.workspace()
    this.#findings = new BuildFindings(members, root, options.colors)
    this.#progress = new BuildProgress(members, id, options.events, options.now)
    this.#resolution = resolutionOf(members[0].target, root)
  }

  async carryOut(signal: AbortSignal): Promise<void> {
    for (const member of this.#members) member.resolution = this.#resolution
    const end = await this.#run(AbortSignal.any([signal, this.#lease.lost]))
    // While it counts as being built, so that what is due after all leads to one more build.
    this.#resolution?.ended()
    await Promise.all(this.#pending)
    for (const member of this.#members) {
      if (this.#decided.has(member)) continue
      this.#decided.add(member)
      // oxlint-disable-next-line no-await-in-loop -- outcomes are told in the order of the targets
      this.#onOutcome(member, await this.#outcomeOf(member, end))
    }
    await this.#lease.release(lockOutcome(this.#members, end))
  }

  /** Runs the command until its group is gone. */
  async #run(signal: AbortSignal): Promise<BuildEnd> {
    const { spawn, newJob, inherited, colors, record, forget, strays } = this.#options
    const lease = this.#lease
    const [{ target: first }] = this.#members
    const targets = buildTargets(this.#members)
    const command = buildCommand(targets)
    const words = describeCommand(command)
    const job = newJob()
    const own = sharedVariables(targets)
    let pid: number | null = null
    const end = await runBuildProcess({
      spawn,
      command,
      cwd: first.cwd,
      env: childEnvironment({ inherited, own, job, colors, held: lease.env() }),
      timeoutMs: first.build?.timeoutMs ?? null,
      signal,
      group: !lease.nested,
      messages: isCargo(first),
      onLine: (line) => this.#onLine(line),
      onSpawned: async (spawned) => {
        pid = spawned
        await Promise.all([
          lease.nested ? undefined : lease.setBuildGroup(spawned, job),
          record(first, spawned, job),
        ])
        this.#progress.started(spawned, words)
      },
    })
    if (pid === null) {
      this.#progress.started(null, words)
      return end
    }
    forget(pid)
    strays.ended(job, (left) => this.#progress.strays(left))
    return end
  }

  #onLine(line: ChildLine): void {
    this.#resolution?.heard(line)
    const meaning = this.#findings.push(line)
    switch (meaning.kind) {
      case 'lines':
        for (const each of meaning.lines) this.#progress.output(each)
        return
      case 'artifact':
        this.#onArtifact(meaning.artifact)
        return
      case 'nothing':
    }
  }

  /** In a joint build a member is done as soon as its own program is there. */
  #onArtifact({
    target,
    targetKinds,
    executable,
  }: CargoMessage & { readonly kind: 'artifact' }): void {
    const member = this.#members.find(({ name }) => name === target)
    if (member === undefined || executable === null || !targetKinds.includes('bin')) return
    member.made(executable)
    if (this.#members.length === 1 || this.#decided.has(member)) return
    this.#decided.add(member)
    this.#pending.add(this.#succeed(member).then((outcome) => this.#onOutcome(member, outcome)))
  }

  async #outcomeOf(member: TargetActor, end: BuildEnd): Promise<MemberOutcome> {
    switch (end.kind) {
      case 'aborted':
        return this.#lease.lost.aborted
          ? this.#fail(member, end.end, LOCK_LOST)
          : this.#progress.aborted(member)
      case 'spawn-failed':
        return this.#fail(member, end.end, end.end.message)
      case 'timed-out':
        return this.#fail(member, end.end, `timed out after ${end.afterMs} ms`)
      case 'ended':
        if (end.end.kind === 'code' && end.end.code === 0) return this.#succeed(member)
        if (this.#members.length > 1 && !this.#findings.isAtFault(member))
          return { kind: 'no-verdict' }
        return this.#fail(member, end.end, this.#findings.headlineOf(member))
    }
  }

  async #succeed(member: TargetActor): Promise<MemberOutcome> {
    const { workspace, digests } = this.#options
    const outputs = await hashOutputs(workspace().root, member.target.outputs, { cache: digests })
    // What was built without the lock may be a mixture of two builds.
    if (!(await this.#lease.isHeld())) return this.#fail(member, FAILED, LOCK_LOST)
    const outputsChanged = member.outputs === null || !sameOutputs(member.outputs, outputs)
    member.outputs = outputs
    const warnings = this.#findings.of(member).filter(({ severity }) => severity === 'warning')
    const outcome = this.#progress.succeeded(member, { outputsChanged, warnings })
    this.#progress.outputs(member, outputs)
    return outcome
  }

  #fail(member: TargetActor, end: End, headline: string): MemberOutcome {
    const diagnostics = this.#findings.of(member)
    return this.#progress.failed(member, { end, headline, diagnostics })
  }
}

/** Of a command that was good, while its build was not. */
const FAILED: End = { kind: 'code', code: 1 }

/** What others who wait for the lock learn of this build. */
function lockOutcome(members: Members, end: BuildEnd): BuildLockOutcome {
  const failed = members.find(({ build }) => build.kind === 'failed')?.build
  if (end.kind === 'aborted') return { status: 'aborted' }
  const exitCode = end.end.kind === 'code' ? end.end.code : 1
  if (failed?.kind !== 'failed' && exitCode === 0) return { status: 'ok', exitCode }
  return {
    status: 'failed',
    exitCode: exitCode === 0 ? 1 : exitCode,
    ...(failed?.kind === 'failed' ? { summary: failed.headline } : {}),
  }
}
