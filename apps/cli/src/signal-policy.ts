/** Wrappers such as npm relay a signal that the terminal has delivered already. */
const RELAY_WINDOW_MS = 500

/** What is known of the signals so far. */
export interface SignalMemory {
  readonly heard: number
  readonly lastAt: Readonly<Partial<Record<NodeJS.Signals, number>>>
}

export type SignalAnswer = 'ignore' | 'stop-gracefully' | 'stop-by-force' | 'exit'

export const noSignals: SignalMemory = { heard: 0, lastAt: {} }

/**
 * The first signal ends the session gracefully, the second at once, the third leaves. Signals of
 * one kind within half a second count as one.
 */
export function hearSignal(
  memory: SignalMemory,
  signal: NodeJS.Signals,
  now: number,
): { readonly memory: SignalMemory; readonly answer: SignalAnswer } {
  const last = memory.lastAt[signal]
  if (last !== undefined && now - last < RELAY_WINDOW_MS) return { memory, answer: 'ignore' }
  const heard = memory.heard + 1
  const answer = heard === 1 ? 'stop-gracefully' : heard === 2 ? 'stop-by-force' : 'exit'
  return { memory: { heard, lastAt: { ...memory.lastAt, [signal]: now } }, answer }
}
