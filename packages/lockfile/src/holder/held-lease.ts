import {
  HELD_VARIABLE,
  JOB_VARIABLE,
  formatHeld,
  heldEntry,
  parseHeld,
} from '../acquire/nesting.ts'
import { type Request, checkData } from '../acquire/request.ts'
import { BUSY_MS_MAX, BUSY_RETRY_MS, type Moved, compromised, moveBaton } from '../disk/baton.ts'
import { writeOutcome } from '../disk/outcome-records.ts'
import type { HolderRecord, JsonObject } from '../disk/record.ts'
import { LockError } from '../errors.ts'
import { freeName } from '../names/baton-name.ts'
import type { LockName } from '../names/lock-name.ts'
import { type Outcome, statusOf } from '../names/status.ts'
import { sleep } from '../system/clock.ts'
import { guard, unguard } from './exit-guard.ts'
import { startHeartbeat, type StopBeating } from './heartbeat.ts'
import type { Lease, TakeoverInfo } from './lease.ts'
import { type Part, isPartHeld, partPath, writePartRecord } from './part.ts'

/** What a released lease did not say. */
const UNSAID: Outcome = { status: 'aborted' }

/** A lease over one or several batons. */
export class HeldLease implements Lease {
  readonly #request: Request
  readonly #parts: readonly Part[]
  readonly #abort = new AbortController()
  readonly #beats: StopBeating[]
  #record: HolderRecord
  #state: 'held' | 'compromised' | 'released' = 'held'

  constructor(request: Request, parts: readonly Part[], record: HolderRecord) {
    this.#request = request
    this.#parts = parts
    this.#record = record
    this.#beats = parts.map((part) =>
      startHeartbeat(request.system, partPath(part), request.heartbeat, () => this.#noteLost(part)),
    )
    guard(this)
  }

  get gen(): bigint {
    return this.#parts[0]?.gen ?? 0n
  }

  get locks(): readonly LockName[] {
    return this.#parts.map(({ place }) => place.outer.lock)
  }

  get nonce(): string {
    return this.#request.nonce
  }

  get nested(): boolean {
    return this.#parts.every(({ place }) => place.within !== null)
  }

  get takenOver(): TakeoverInfo | undefined {
    const part = this.#parts.find(({ from }) => from !== null)
    if (part === undefined || part.from === null) return undefined
    const { gen, from, drained, place } = part
    return { lock: place.outer.lock, gen: gen - 1n, holder: from, drained }
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  assertHeldSync(): void {
    for (const part of this.#parts) {
      if (this.#state === 'held' && !isPartHeld(this.#request.system, part)) this.#lose(part)
    }
    this.#abort.signal.throwIfAborted()
    if (this.#state === 'released') {
      throw new LockError('ECOMPROMISED', 'the lease was released; acquire the lock again')
    }
  }

  async assertHeld(): Promise<void> {
    this.assertHeldSync()
  }

  async setData(data: JsonObject): Promise<void> {
    this.#update({ data: checkData(data) })
  }

  async setPurpose(purpose: string): Promise<void> {
    this.#update({ purpose })
  }

  async setBuildGroup(pgid: number | null, options: { job?: string } = {}): Promise<void> {
    if (pgid === null) {
      this.#update({
        group: null,
        kill: this.#request.killable === 'self' ? this.#record.kill : null,
      })
      return
    }
    if (!Number.isInteger(pgid) || pgid <= 1) {
      throw new LockError('EINVAL', `process group ${pgid} is not one that a child can lead`)
    }
    const facts = this.#request.system.processes.probe(pgid)
    const start = facts.kind === 'present' ? facts.start : null
    const group = { id: pgid, start, job: options.job ?? this.nonce }
    const build = start === null ? null : { pid: pgid, start, group: true }
    this.#update({ group, kill: this.#request.killable === 'self' ? this.#record.kill : build })
  }

  env(): Record<string, string> {
    const inherited = parseHeld(this.#request.env[HELD_VARIABLE])
    const own = this.#parts.map(({ place, gen }) => heldEntry(place, gen, this.nonce))
    return { [HELD_VARIABLE]: formatHeld(inherited, own), [JOB_VARIABLE]: this.nonce }
  }

  async release(outcome?: Outcome): Promise<void> {
    if (!this.#close()) return
    this.#publish(outcome)
    let lost: Part | undefined
    for (const part of this.#parts.toReversed()) {
      if ((await this.#freePatiently(part, outcome ?? UNSAID)) === 'lost') lost = part
    }
    this.#finish(lost)
  }

  releaseSync(outcome?: Outcome): void {
    if (!this.#close()) return
    this.#publish(outcome)
    let lost: Part | undefined
    for (const part of this.#parts.toReversed()) {
      if (this.#freeAtOnce(part, outcome ?? UNSAID) === 'lost') lost = part
    }
    this.#finish(lost)
  }

  /** For the exit guard, where an error has nobody to go to. */
  releaseAtExit(): void {
    try {
      this.releaseSync()
    } catch (error) {
      if (!(error instanceof LockError)) throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const wasLost = this.#state === 'compromised'
    try {
      await this.release()
    } catch (error) {
      // That it was lost has been told by the signal; the other locks are free now.
      if (!wasLost) throw error
    }
  }

  /** Ends the tenure on our side; false if it had ended before. */
  #close(): boolean {
    if (this.#state === 'released') return false
    this.#state = 'released'
    for (const stop of this.#beats) stop()
    unguard(this)
    return true
  }

  /** Everything that others need to know, in every directory, before the first lock comes free. */
  #publish(outcome: Outcome | undefined): void {
    const { system, label } = this.#request
    if (this.#record.group !== null) {
      this.#record = { ...this.#record, group: null, kill: null }
      for (const part of this.#parts) writePartRecord(system, part, this.#record)
    }
    if (outcome === undefined) return
    const { key, startedAt, pid, where } = this.#record
    for (const { place, gen } of this.#parts) {
      if (place.within !== null) continue
      const { outer } = place
      const finishedAt = system.clock.now()
      const holder = { label, pid, where }
      writeOutcome(system, outer, {
        ...outcome,
        gen,
        lock: outer.lock,
        startedAt,
        finishedAt,
        key,
        holder,
      })
    }
  }

  #free(part: Part, outcome: Outcome): Moved {
    const { system, nonce } = this.#request
    const { site, within } = part.place
    const moved = moveBaton(system, site, part.name, freeName(part.gen, statusOf(outcome), nonce))
    // Nobody can nest in a tenure that is over.
    if (moved === 'moved' && within === null) forgetNested(this.#request, part)
    return moved
  }

  async #freePatiently(part: Part, outcome: Outcome): Promise<Moved> {
    const { clock } = this.#request.system
    const untilMs = clock.monotonic() + BUSY_MS_MAX
    for (;;) {
      const moved = this.#free(part, outcome)
      if (moved !== 'busy') return moved
      if (clock.monotonic() >= untilMs) throw keptOpen(part)
      await sleep(clock, BUSY_RETRY_MS)
    }
  }

  #freeAtOnce(part: Part, outcome: Outcome): Moved {
    const untilMs = performance.now() + BUSY_MS_MAX
    for (;;) {
      const moved = this.#free(part, outcome)
      if (moved !== 'busy') return moved
      if (performance.now() >= untilMs) throw keptOpen(part)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_RETRY_MS)
    }
  }

  #finish(lost: Part | undefined): void {
    if (lost === undefined) return
    const error = compromised(lost.place.site, lost.name)
    if (!this.#abort.signal.aborted) this.#abort.abort(error)
    throw error
  }

  #update(change: Partial<HolderRecord>): void {
    this.assertHeldSync()
    this.#record = { ...this.#record, ...change }
    for (const part of this.#parts) {
      if (!writePartRecord(this.#request.system, part, this.#record)) this.#lose(part)
    }
    this.#abort.signal.throwIfAborted()
  }

  /** The heartbeat missed the baton; it may have been released in the same moment. */
  #noteLost(part: Part): void {
    if (this.#state === 'held' && !isPartHeld(this.#request.system, part)) this.#lose(part)
  }

  #lose(part: Part): void {
    if (this.#state !== 'held') return
    this.#state = 'compromised'
    for (const stop of this.#beats) stop()
    this.#abort.abort(compromised(part.place.site, part.name))
  }
}

function forgetNested({ system, nonce }: Request, { place }: Part): void {
  const path = `${place.outer.nestedDirectory}/${nonce}`
  if (system.files.lstat(path) !== null) system.files.remove(path)
}

function keptOpen({ place }: Part): LockError {
  return new LockError(
    'ELOCKDIR',
    `cannot free the ${place.outer.lock} lock: another program keeps its file open`,
    { path: place.site.directory },
  )
}
