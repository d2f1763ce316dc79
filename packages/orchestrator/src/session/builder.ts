import { existsSync } from 'node:fs'

import {
  type BuildEnd,
  type BuildTarget,
  CargoFindings,
  buildCommand,
  describeCommand,
  hasBuild,
  runBuildProcess,
} from '../build/index.ts'
import type { Target, Workspace } from '../configuration/index.ts'
import {
  type CargoMessage,
  type Diagnostic,
  createCargoMessages,
  createDiagnosticsParser,
  headline,
  locateFiles,
} from '../diagnostics/index.ts'
import { childEnvironment } from '../environment/index.ts'
import type { EventStream } from '../events/index.ts'
import { cleanLine, stripColors } from '../logs/index.ts'
import {
  type DigestCache,
  type OutputsFingerprint,
  hashOutputs,
  sameOutputs,
} from '../outputs/index.ts'
import type { RemainingProcess } from '../processes/index.ts'
import type { ChildLine, Spawn } from '../run/index.ts'
import type { BuildLease, BuildLockOutcome } from './build-locks.ts'
import type { TargetActor } from './target-actor.ts'

/** What came of one member of a build. */
export type MemberOutcome =
  | { readonly kind: 'succeeded'; readonly outputsChanged: boolean; readonly cause: number }
  | { readonly kind: 'failed' }
  | { readonly kind: 'aborted' }
  /** A joint build failed without saying whose fault it was. */
  | { readonly kind: 'no-verdict' }

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
  /** What a build whose group is gone has left outside of it. */
  readonly straysOf: (job: string) => readonly RemainingProcess[]
  readonly newJob: () => string
  readonly digests: DigestCache
}

type Members = readonly [TargetActor, ...TargetActor[]]
type Report = (member: TargetActor, outcome: MemberOutcome) => void

/** The last so many lines are kept to explain a failure that no parser understands. */
const TAIL_LINES = 40

/**
 * Carries out builds: one command for one or several targets, its output, its diagnostics, its
 * outputs compared with the last good ones, and an outcome for each member.
 */
export class Builder {
  readonly #options: BuilderOptions
  #nextBuild = 1

  constructor(options: BuilderOptions) {
    this.#options = options
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
    const run = new BuildRun(members, this.#nextBuild++, this.#options)
    await run.carryOut(lease, signal, report)
  }
}

/** One build, from its start to the outcome of its last member. */
class BuildRun {
  readonly #members: Members
  readonly #id: number
  readonly #options: BuilderOptions
  readonly #startedAt: number
  readonly #generations: ReadonlyMap<TargetActor, number>
  readonly #startEvents = new Map<TargetActor, number>()
  readonly #parsers: ReadonlyMap<TargetActor, ReturnType<typeof createDiagnosticsParser>>
  readonly #decided = new Set<TargetActor>()
  readonly #pending = new Set<Promise<void>>()
  readonly #cargo = createCargoMessages()
  readonly #findings: CargoFindings
  readonly #found = new Map<TargetActor, readonly Diagnostic[]>()
  readonly #tail: string[] = []

  constructor(members: Members, id: number, options: BuilderOptions) {
    this.#members = members
    this.#id = id
    this.#options = options
    this.#startedAt = options.now()
    this.#findings = new CargoFindings(options.workspace().root)
    this.#generations = new Map(members.map((member) => [member, member.generation]))
    this.#parsers = new Map(
      members.map((member) => [
        member,
        createDiagnosticsParser(buildTarget(member).build.diagnostics),
      ]),
    )
  }

  async carryOut(lease: BuildLease, signal: AbortSignal, report: Report): Promise<void> {
    const [first] = this.#members
    const targets: readonly [BuildTarget, ...BuildTarget[]] = [
      buildTarget(this.#members[0]),
      ...this.#members.slice(1).map(buildTarget),
    ]
    const command = buildCommand(targets)
    const job = this.#options.newJob()
    let pid = 0
    const end = await runBuildProcess({
      spawn: this.#options.spawn,
      command,
      cwd: first.target.cwd,
      env: childEnvironment({
        inherited: this.#options.inherited,
        own: sharedVariables(targets),
        job,
        colors: this.#options.colors,
        held: lease.env(),
      }),
      timeoutMs: first.target.build?.timeoutMs ?? null,
      signal,
      group: !lease.nested,
      messages: isCargo(first.target),
      onLine: (line) => this.#onLine(line, lease, report),
      onSpawned: async (spawned) => {
        pid = spawned
        await Promise.all([
          lease.nested ? undefined : lease.setBuildGroup(spawned, job),
          this.#options.record(first.target, spawned, job),
        ])
        this.#announce(spawned, describeCommand(command))
      },
    })
    if (pid === 0) this.#announce(null, describeCommand(command))
    else {
      this.#options.forget(pid)
      this.#nameStrays(job)
    }
    await Promise.all(this.#pending)
    for (const member of this.#members) {
      // oxlint-disable-next-line no-await-in-loop -- outcomes are told in the order of the targets
      if (!this.#decided.has(member)) report(member, await this.#conclude(member, end, lease))
    }
    await lease.release(this.#lockOutcome(end))
  }

  /** What others who wait for the lock learn of this build. */
  #lockOutcome(end: BuildEnd): BuildLockOutcome {
    const failed = this.#members.find(({ build }) => build.kind === 'failed')?.build
    if (end.kind === 'aborted') return { status: 'aborted' }
    const exitCode = end.end.kind === 'code' ? end.end.code : 1
    if (failed?.kind !== 'failed' && exitCode === 0) return { status: 'ok', exitCode }
    return {
      status: 'failed',
      exitCode: exitCode === 0 ? 1 : exitCode,
      ...(failed?.kind === 'failed' ? { summary: failed.headline } : {}),
    }
  }

  /** A daemon that a build started may serve the next one, so it is named and left alone. */
  #nameStrays(job: string): void {
    const [{ name }] = this.#members
    const strays = this.#options.straysOf(job)
    if (strays.length === 0) return
    const list = strays.map(({ pid, command }) => `${command} (pid ${pid})`).join(', ')
    this.#options.events.emit({
      type: 'warning',
      code: 'BUILD_LEFT_PROCESSES',
      target: name,
      message: `the build of ${name} left running: ${list}; end it yourself if it is not a daemon that you want`,
    })
  }

  #announce(pid: number | null, command: string): void {
    const { events } = this.#options
    const members = this.#members.map(({ name }) => name)
    for (const member of this.#members) {
      const generation = this.#generations.get(member) ?? 0
      const event = events.emit(
        { type: 'build-started', target: member.name, build: this.#id, pid, command, members },
        { generation, cause: member.cause },
      )
      this.#startEvents.set(member, event.id)
      member.setBuild({
        kind: 'building',
        since: this.#startedAt,
        build: this.#id,
        generation,
        pid,
        expectedMs: null,
      })
    }
  }

  #onLine(line: ChildLine, lease: BuildLease, report: Report): void {
    for (const parser of this.#parsers.values()) parser.push(line.line)
    const message = line.stream === 'stdout' ? this.#cargo.push(line.line) : null
    switch (message?.kind) {
      case undefined:
      case 'line':
        this.#show(line)
        return
      case 'rendered':
        this.#findings.add(message)
        for (const text of message.text.trimEnd().split('\n')) {
          const clean = cleanLine(text)
          this.#show({ stream: 'stderr', line: this.#options.colors ? clean : stripColors(clean) })
        }
        return
      case 'artifact':
        this.#onArtifact(message, lease, report)
        return
      case 'build-finished':
      case 'other':
        return
    }
  }

  /** In a joint build a member is done as soon as its own program is there. */
  #onArtifact(
    { target, targetKinds, executable }: CargoMessage & { readonly kind: 'artifact' },
    lease: BuildLease,
    report: Report,
  ): void {
    const member = this.#members.find(({ name }) => name === target)
    if (member === undefined || executable === null || !targetKinds.includes('bin')) return
    member.made(executable)
    if (this.#members.length === 1 || this.#decided.has(member)) return
    this.#decided.add(member)
    this.#pending.add(this.#succeed(member, lease).then((outcome) => report(member, outcome)))
  }

  #show(line: ChildLine): void {
    this.#tail.push(line.line)
    if (this.#tail.length > TAIL_LINES) this.#tail.shift()
    const [first] = this.#members
    this.#options.events.emit({ type: 'output', target: first.name, source: 'build', ...line })
  }

  async #conclude(member: TargetActor, end: BuildEnd, lease: BuildLease): Promise<MemberOutcome> {
    this.#decided.add(member)
    switch (end.kind) {
      case 'aborted':
        return this.#abort(member)
      case 'spawn-failed':
        return this.#fail(member, end, end.end.message)
      case 'timed-out':
        return this.#fail(member, end, `timed out after ${end.afterMs} ms`)
      case 'ended':
        if (end.end.kind === 'code' && end.end.code === 0) return this.#succeed(member, lease)
        if (this.#members.length > 1 && !this.#isAtFault(member)) return { kind: 'no-verdict' }
        return this.#fail(member, end, null)
    }
  }

  /** Whether the compiler refused something that this member of a joint build is made from. */
  #isAtFault(member: TargetActor): boolean {
    return this.#findings.of(member.target).some(({ severity }) => severity === 'error')
  }

  async #succeed(member: TargetActor, lease: BuildLease): Promise<MemberOutcome> {
    const { now, workspace, events } = this.#options
    const fingerprint = await hashOutputs(workspace().root, member.target.outputs, {
      cache: this.#options.digests,
    })
    if (!(await lease.isHeld())) {
      return this.#fail(
        member,
        null,
        'the build lock was lost while building; somebody removed or broke it',
      )
    }
    const outputsChanged = member.outputs === null || !sameOutputs(member.outputs, fingerprint)
    member.outputs = fingerprint
    const durationMs = now() - this.#startedAt
    const generation = this.#generations.get(member) ?? 0
    const warnings = this.#located(member).filter(({ severity }) => severity === 'warning')
    member.setBuild({
      kind: 'succeeded',
      generation,
      at: now(),
      durationMs,
      outputsChanged,
      warnings,
    })
    const event = events.emit(
      {
        type: 'build-succeeded',
        target: member.name,
        build: this.#id,
        durationMs,
        outputsChanged,
        warnings,
      },
      { generation, cause: this.#startEvents.get(member) },
    )
    member.causedBy(event.id)
    this.#warnOfMissing(member, fingerprint)
    return { kind: 'succeeded', outputsChanged, cause: event.id }
  }

  #warnOfMissing(member: TargetActor, fingerprint: OutputsFingerprint): void {
    if (fingerprint.kind !== 'hashed' || fingerprint.unmatched.length === 0) return
    this.#options.events.emit({
      type: 'warning',
      code: 'OUTPUT_MISSING',
      target: member.name,
      message: `the build succeeded, but nothing matches its output ${fingerprint.unmatched.join(', ')}`,
    })
  }

  #fail(member: TargetActor, end: BuildEnd | null, said: string | null): MemberOutcome {
    const { now, events } = this.#options
    const diagnostics = this.#located(member)
    const text = said ?? headline(this.#diagnostics(member), this.#tail)
    const ended = end?.end ?? { kind: 'code', code: 1 }
    const durationMs = now() - this.#startedAt
    const generation = this.#generations.get(member) ?? 0
    member.setBuild({
      kind: 'failed',
      generation,
      at: now(),
      durationMs,
      end: ended,
      headline: text,
      diagnostics,
    })
    const event = events.emit(
      {
        type: 'build-failed',
        target: member.name,
        build: this.#id,
        durationMs,
        end: ended,
        headline: text,
        diagnostics,
        serving: member.runner?.isServing ?? false,
      },
      { generation, cause: this.#startEvents.get(member) },
    )
    member.causedBy(event.id)
    return { kind: 'failed' }
  }

  #abort(member: TargetActor): MemberOutcome {
    const reason = 'a newer change or the end of the session'
    member.setBuild({ kind: 'canceled', reason })
    this.#options.events.emit(
      { type: 'build-canceled', target: member.name, reason },
      { generation: this.#generations.get(member), cause: this.#startEvents.get(member) },
    )
    return { kind: 'aborted' }
  }

  /** With the files as editors can open them: what tools print is relative to their own place. */
  #located(member: TargetActor): readonly Diagnostic[] {
    const folders = [member.target.cwd, this.#options.workspace().root]
    return locateFiles(this.#diagnostics(member), folders, existsSync)
  }

  #diagnostics(member: TargetActor): readonly Diagnostic[] {
    const known = this.#found.get(member)
    if (known !== undefined) return known
    const isShared = this.#members.length > 1 && !this.#findings.isEmpty
    const found = isShared
      ? this.#findings.of(member.target)
      : (this.#parsers.get(member)?.finish() ?? [])
    this.#found.set(member, found)
    return found
  }
}

function buildTarget({ name, target }: TargetActor): BuildTarget {
  if (!hasBuild(target)) throw new Error(`${name} has no build`)
  return target
}

/** Whether its build speaks in cargo's messages. */
function isCargo({ build }: Target): boolean {
  return build?.diagnostics.kind === 'named' && build.diagnostics.name === 'cargo'
}

/** A joint command gets only the variables on which all its members agree. */
function sharedVariables(
  targets: readonly [BuildTarget, ...BuildTarget[]],
): Record<string, string> {
  const [first, ...others] = targets
  return Object.fromEntries(
    Object.entries(first.env).filter(([name, value]) =>
      others.every((other) => other.env[name] === value),
    ),
  )
}
