import type { EventStream } from '../events/index.ts'
import { type Settlement, type TargetState, settlementOf } from '../state/index.ts'

/** Tells once, each time, that a session that was busy is at rest. */
export class SettlementNews {
  #kind: Settlement['kind'] = 'busy'
  readonly #events: EventStream
  readonly #states: () => Iterable<TargetState>
  #isClosed = false

  constructor(events: EventStream, states: () => Iterable<TargetState>) {
    this.#events = events
    this.#states = states
  }

  /** Something may have changed. */
  look(): void {
    const { kind } = settlementOf(this.#states())
    if (kind === this.#kind) return
    this.#kind = kind
    if (kind !== 'busy' && !this.#isClosed) this.#events.emit({ type: 'settled' })
  }

  /** A session that ends comes to rest without being told of it. */
  close(): void {
    this.#isClosed = true
  }
}
