import { join } from 'node:path'

import { BUSY_MS_MAX, BUSY_RETRY_MS } from '../disk/baton.ts'
import { initialize } from '../disk/initialize.ts'
import { checkSafety } from '../disk/safety.ts'
import type { Site } from '../disk/site.ts'
import { LockError } from '../errors.ts'
import type { Baton, HeldBaton } from '../names/baton-name.ts'
import { Observer, type Sight } from '../verdict/observer.ts'
import { describeHolder } from '../view/describe.ts'
import { holderOf } from '../view/lock-view.ts'
import { ChangeSignal } from './change-signal.ts'
import { POLL_MS, POLL_SPREAD_MS, type Step, decide } from './decide.ts'
import { endHolder } from './end-holder.ts'
import { heldView } from './held-view.ts'
import type { Request } from './request.ts'
import { type Won, take } from './take.ts'
import { Ticket } from './ticket.ts'
import { WaitReporter } from './wait-reporter.ts'

/** We leave the queue, because somebody else does our work. */
export interface Left {
  readonly kind: 'left'
  readonly sight: Sight
}

/** Called at every look; true ends the contest with {@link Left}. */
export type LeaveWhen = (sight: Sight) => boolean

/** Contends for one lock until it is ours, or until `leaveWhen` says to leave. */
export async function contend(
  request: Request,
  site: Site,
  leaveWhen: LeaveWhen = () => false,
): Promise<Won | Left> {
  const contest = new Contest(request, site)
  try {
    return await contest.run(leaveWhen)
  } finally {
    contest[Symbol.dispose]()
  }
}

/** Takes the lock if that is possible without waiting; null if it is held. */
export function contendOnce(request: Request, site: Site): Won | null {
  const { system } = request
  checkSafety(system, site)
  const observer = new Observer(system, site, request.foreignLeaseMs)
  // Every round but the last one changes something: it makes the lock, or loses to somebody.
  for (let round = 0; round < TRY_ROUNDS_MAX; round += 1) {
    const sight = observer.look()
    const step = decide(sight, { rank: 0, unchangedMs: 0, onSuspect: 'wait' })
    if (step.kind === 'initialize') initialize(system, site)
    else if (step.kind === 'take') {
      const won = take(request, site, step.from, sight)
      if (won !== null) return won
    } else return null
  }
  return null
}

const TRY_ROUNDS_MAX = 100

class Contest implements Disposable {
  readonly #request: Request
  readonly #site: Site
  readonly #observer: Observer
  readonly #changes: ChangeSignal
  readonly #ticket: Ticket
  readonly #reporter: WaitReporter
  #seen = ''
  #seenSinceMs = 0
  #busySinceMs: number | null = null

  constructor(request: Request, site: Site) {
    const { system, nonce, label, foreignLeaseMs } = request
    this.#request = request
    this.#site = site
    this.#observer = new Observer(system, site, foreignLeaseMs)
    this.#changes = new ChangeSignal(system, site.directory)
    this.#ticket = new Ticket(system, site, nonce, label)
    this.#reporter = new WaitReporter(request, site.lock)
  }

  async run(leaveWhen: LeaveWhen): Promise<Won | Left> {
    checkSafety(this.#request.system, this.#site)
    for (;;) {
      this.#request.signal?.throwIfAborted()
      const sight = this.#observer.look()
      if (leaveWhen(sight)) return { kind: 'left', sight }
      const won = await this.#act(sight, this.#decide(sight))
      if (won !== null) return won
    }
  }

  #decide(sight: Sight): Step {
    const nowMs = this.#request.system.clock.monotonic()
    const seen = sight.kind === 'free' || sight.kind === 'held' ? sight.baton.text : sight.kind
    if (seen !== this.#seen) {
      this.#seen = seen
      this.#seenSinceMs = nowMs
    }
    return decide(sight, {
      rank: sight.kind === 'free' ? this.#ticket.rank() : 0,
      unchangedMs: nowMs - this.#seenSinceMs,
      onSuspect: this.#request.onSuspect,
    })
  }

  async #act(sight: Sight, step: Step): Promise<Won | null> {
    const { system } = this.#request
    switch (step.kind) {
      case 'initialize':
        initialize(system, this.#site)
        // A directory that cannot be made twice in a row is being deleted again and again.
        await this.#wait(sight, this.#seen === 'nothing' ? 1 : 0)
        return null
      case 'take':
        return this.#take(step.from, sight)
      case 'wait':
        await this.#wait(sight, step.ms)
        return null
      case 'give-up':
        throw this.#busy(sight, step.holder)
      case 'kill':
        await endHolder(this.#request, this.#site, step.holder)
        return null
      case 'lost':
        throw new LockError(
          'ELOCKLOST',
          `${this.#site.directory} has no baton, only ${step.names.slice(0, 5).join(', ')}; ` +
            'make sure that nobody builds, then repair the lock',
          { path: this.#site.directory },
        )
    }
  }

  async #take(from: Baton, sight: Sight): Promise<Won | null> {
    const won = take(this.#request, this.#site, from, sight, () => this.#noteBusy())
    if (won === null && this.#busySinceMs !== null) await this.#wait(sight, BUSY_RETRY_MS)
    return won
  }

  #noteBusy(): void {
    const nowMs = this.#request.system.clock.monotonic()
    this.#busySinceMs ??= nowMs
    if (nowMs - this.#busySinceMs < BUSY_MS_MAX) return
    throw new LockError(
      'ELOCKDIR',
      `cannot rename the baton in ${this.#site.directory}: another program keeps it open`,
      { path: this.#site.directory },
    )
  }

  async #wait(sight: Sight, ms: number): Promise<void> {
    const { system, deadlineMs, signal } = this.#request
    this.#ticket.draw()
    if (sight.kind === 'held') {
      this.#reporter.report({ kind: 'held', view: heldView(this.#request, this.#site, sight) })
    }
    const leftMs = deadlineMs - system.clock.monotonic()
    if (leftMs <= 0) throw this.#timedOut(sight)
    this.#changes.arm()
    // Look again behind the armed watch: what changed before it was armed is not reported.
    if (this.#moved(sight)) return
    await this.#changes.wait(Math.min(ms === POLL_MS ? spread(ms) : ms, leftMs), signal)
  }

  #moved(sight: Sight): boolean {
    if (sight.kind !== 'free' && sight.kind !== 'held') return false
    const path = join(this.#site.directory, sight.baton.text)
    return this.#request.system.files.lstat(path) === null
  }

  #timedOut(sight: Sight): LockError {
    const { system, startedWaitingMs } = this.#request
    const waited = Math.round(system.clock.monotonic() - startedWaitingMs)
    const holder = sight.kind === 'held' ? holderOf(sight.baton, sight.record) : undefined
    const who =
      holder === undefined ? 'others were first' : describeHolder(holder, system.clock.now())
    return new LockError(
      'ETIMEDOUT',
      `waited ${waited} ms for the ${this.#site.lock} lock, held by ${who}`,
      { path: this.#site.directory, ...(holder === undefined ? {} : { holder }) },
    )
  }

  #busy(sight: Sight, baton: HeldBaton): LockError {
    const holder = holderOf(baton, sight.kind === 'held' ? sight.record : null)
    const who = describeHolder(holder, this.#request.system.clock.now())
    return new LockError(
      'EBUSY',
      `the ${this.#site.lock} lock is held by ${who}, which is alive but silent; end it or wait`,
      { path: this.#site.directory, holder },
    )
  }

  [Symbol.dispose](): void {
    this.#changes[Symbol.dispose]()
    this.#ticket[Symbol.dispose]()
  }
}

/** Waiters that started together should not look together. */
function spread(ms: number): number {
  return ms + Math.random() * POLL_SPREAD_MS
}
