import { describeWait } from '../view/describe.ts'
import type { WaitReason } from '../view/snapshot.ts'
import type { Request } from './request.ts'

/** Tells `onWait` why we wait: at once, and again when the reason is another one. */
export class WaitReporter {
  readonly #request: Request
  readonly #lock: string
  #reported = ''

  constructor(request: Request, lock: string) {
    this.#request = request
    this.#lock = lock
  }

  report(reason: WaitReason): void {
    const identity = identityOf(reason)
    if (identity === this.#reported) return
    this.#reported = identity
    const { onWait, root, startedWaitingMs, system } = this.#request
    onWait?.({
      lock: this.#lock,
      root,
      reason,
      waitedMs: system.clock.monotonic() - startedWaitingMs,
      message: this.#describe(reason),
    })
  }

  #describe(reason: WaitReason): string {
    switch (reason.kind) {
      case 'held':
      case 'joined': {
        const { clock, identity } = this.#request.system
        const { holder, verdict } = reason.view
        // The machine is worth naming only when it is another one.
        const shown = holder.where === identity.where ? { ...holder, host: null } : holder
        return describeWait(this.#lock, shown, verdict, clock.now())
      }
      case 'orphans':
        return `waiting for processes of a dead build to end: ${reason.pids.join(', ')}`
    }
  }
}

/** What makes two reasons the same to a person; ages and heartbeats do not. */
function identityOf(reason: WaitReason): string {
  if (reason.kind === 'orphans') return `orphans ${reason.pids.join(' ')}`
  const { holder, verdict } = reason.view
  const { nonce, label, purpose, phase } = holder
  return JSON.stringify([reason.kind, nonce, label, purpose, phase, verdict.kind])
}
