import type { SessionEvent } from './event.ts'

/** A chain is never longer than this; a loop of causes cannot occur, but a bound costs nothing. */
const MAX_LINKS = 100

/** The events that led to `id`, the first cause first and the event itself last. */
export function causeChain(history: readonly SessionEvent[], id: number): readonly SessionEvent[] {
  const byId = new Map(history.map((event) => [event.id, event]))
  const chain: SessionEvent[] = []
  let next: number | undefined = id
  while (next !== undefined && chain.length < MAX_LINKS) {
    const event = byId.get(next)
    if (event === undefined) break
    chain.unshift(event)
    next = event.cause
  }
  return chain
}
