import type { Diagnostic } from '../diagnostics/index.ts'
import type { EventStream } from '../events/index.ts'
import type { OutputsFingerprint } from '../outputs/index.ts'
import type { RemainingProcess } from '../processes/index.ts'
import type { ChildLine } from '../run/index.ts'
import type { End } from '../state/index.ts'
import type { MemberOutcome, Members } from './build-members.ts'
import type { TargetActor } from './target-actor.ts'

/** Tells what becomes of one build: as states of its members and as events. */
export class BuildProgress {
  readonly #members: Members
  readonly #id: number
  readonly #events: EventStream
  readonly #now: () => number
  readonly #startedAt: number
  /** What each member contains when this build is good. */
  readonly #generations: ReadonlyMap<TargetActor, number>
  readonly #starts = new Map<TargetActor, number>()

  constructor(members: Members, id: number, events: EventStream, now: () => number) {
    this.#members = members
    this.#id = id
    this.#events = events
    this.#now = now
    this.#startedAt = now()
    this.#generations = new Map(members.map((member) => [member, member.generation]))
  }

  started(pid: number | null, command: string): void {
    const build = this.#id
    const members = this.#members.map(({ name }) => name)
    for (const member of this.#members) {
      const generation = this.#generationOf(member)
      const event = this.#events.emit(
        { type: 'build-started', target: member.name, build, pid, command, members },
        { generation, cause: member.cause },
      )
      this.#starts.set(member, event.id)
      const since = this.#startedAt
      member.setBuild({ kind: 'building', since, build, generation, pid, expectedMs: null })
    }
  }

  output(line: ChildLine): void {
    const [{ name }] = this.#members
    this.#events.emit({ type: 'output', target: name, source: 'build', ...line })
  }

  succeeded(
    member: TargetActor,
    {
      outputsChanged,
      warnings,
    }: {
      readonly outputsChanged: boolean
      readonly warnings: readonly Diagnostic[]
    },
  ): MemberOutcome {
    const at = this.#now()
    const generation = this.#generationOf(member)
    const facts = { durationMs: at - this.#startedAt, outputsChanged, warnings }
    member.setBuild({ kind: 'succeeded', generation, at, ...facts })
    const cause = this.#emit(member, {
      type: 'build-succeeded',
      target: member.name,
      build: this.#id,
      ...facts,
    })
    return { kind: 'succeeded', outputsChanged, cause }
  }

  failed(
    member: TargetActor,
    failure: {
      readonly end: End
      readonly headline: string
      readonly diagnostics: readonly Diagnostic[]
    },
  ): MemberOutcome {
    const at = this.#now()
    const durationMs = at - this.#startedAt
    const generation = this.#generationOf(member)
    member.setBuild({ kind: 'failed', generation, at, durationMs, ...failure })
    this.#emit(member, {
      type: 'build-failed',
      target: member.name,
      build: this.#id,
      durationMs,
      ...failure,
      serving: member.runner?.isServing ?? false,
    })
    return { kind: 'failed' }
  }

  aborted(member: TargetActor): MemberOutcome {
    const reason = 'a newer change or the end of the session'
    member.setBuild({ kind: 'canceled', reason })
    this.#events.emit(
      { type: 'build-canceled', target: member.name, reason },
      { generation: this.#generationOf(member), cause: this.#starts.get(member) },
    )
    return { kind: 'aborted' }
  }

  /** A daemon that a build started may serve the next one, so it is named and left alone. */
  strays(strays: readonly RemainingProcess[]): void {
    const [{ name }] = this.#members
    const list = strays.map(({ pid, command }) => `${command} (pid ${pid})`).join(', ')
    this.#events.emit({
      type: 'warning',
      code: 'BUILD_LEFT_PROCESSES',
      target: name,
      message: `the build of ${name} left running: ${list}; end it yourself if it is not a daemon that you want`,
    })
  }

  /** A good build without what it was to make is worth a word. */
  outputs(member: TargetActor, outputs: OutputsFingerprint): void {
    if (outputs.kind !== 'hashed' || outputs.unmatched.length === 0) return
    this.#events.emit({
      type: 'warning',
      code: 'OUTPUT_MISSING',
      target: member.name,
      message: `the build succeeded, but nothing matches its output ${outputs.unmatched.join(', ')}`,
    })
  }

  /** An outcome is what the next thing of its member comes from. */
  #emit(member: TargetActor, body: Parameters<EventStream['emit']>[0]): number {
    const event = this.#events.emit(body, {
      generation: this.#generationOf(member),
      cause: this.#starts.get(member),
    })
    member.causedBy(event.id)
    return event.id
  }

  #generationOf(member: TargetActor): number {
    return this.#generations.get(member) ?? 0
  }
}
