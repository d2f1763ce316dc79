/** Two ways to tell the time, in ms since the epoch. */
export interface Clocks {
  /** What the machine is set to. Builds, runs and events have this time. */
  readonly timeOfDay: () => number
  /** Never goes back, and stands still while the machine sleeps. The watcher has this one. */
  readonly steady: () => number
}

const systemClocks: Clocks = {
  timeOfDay: Date.now,
  steady: () => performance.timeOrigin + performance.now(),
}

/**
 * When the changes of a batch were seen, by the time of day: the two clocks start alike and part
 * when the machine sleeps, or when its clock is set or runs fast. Compared with the start of a
 * build as it is, a change after a sleep would seem to be long before it.
 */
export function seenByTimeOfDay(
  { firstAt, lastAt }: { readonly firstAt: number; readonly lastAt: number },
  clocks: Clocks = systemClocks,
): { readonly firstAt: number; readonly lastAt: number } {
  const apart = clocks.timeOfDay() - clocks.steady()
  return { firstAt: firstAt + apart, lastAt: lastAt + apart }
}
