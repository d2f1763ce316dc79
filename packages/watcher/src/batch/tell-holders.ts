import { type Moment, SharedWindow } from './shared-window.ts'

/** A target, as far as its window is concerned. */
export interface WindowHolder {
  /** `undefined`: nothing happened since its last batch. */
  readonly window: SharedWindow | undefined
  /** Takes this window instead of the one it has, and counts as one of its holders. */
  hold(window: SharedWindow): void
}

/**
 * Tells some targets the same. Fifty targets of one tree are told the same all the time, and what
 * happened is kept and worked out once for all of them: those that begin a window together share
 * it, until something happens to some of them only; these go on with a copy.
 *
 * @param tell adds to a window what happened
 */
export function tellHolders(
  holders: ReadonlySet<WindowHolder>,
  at: Moment,
  tell: (window: SharedWindow) => void,
): void {
  const own = findOwnWindow(holders)
  if (own !== undefined) {
    tell(own)
    return
  }
  const windows = findWindows(holders, at)
  const copies = partFromOthers(windows)
  if (copies !== undefined) {
    for (const holder of holders) {
      const copy = holder.window === undefined ? undefined : copies.get(holder.window)
      if (copy !== undefined) holder.hold(copy)
    }
  }
  for (const window of windows) {
    const next = copies?.get(window) ?? window
    window.told = 0
    next.audience = holders
    tell(next)
  }
}

/**
 * The window that all of them hold, and nobody else, where a look at one of them says so: when it
 * was told last, only they held it, and nobody joins a window later.
 */
function findOwnWindow(holders: ReadonlySet<WindowHolder>): SharedWindow | undefined {
  for (const { window } of holders) {
    return window?.audience === holders && window.holders === holders.size ? window : undefined
  }
  return undefined
}

/** The windows of those who are told, and how many of them hold each. */
function findWindows(holders: ReadonlySet<WindowHolder>, at: Moment): readonly SharedWindow[] {
  const windows: SharedWindow[] = []
  let begun: SharedWindow | undefined
  for (const holder of holders) {
    let { window } = holder
    if (window === undefined) {
      begun ??= new SharedWindow(at)
      window = begun
      holder.hold(window)
    }
    if (window.told === 0) windows.push(window)
    window.told += 1
  }
  return windows
}

/** A copy of each window that some who are not told hold too; most often there is none. */
function partFromOthers(
  windows: readonly SharedWindow[],
): Map<SharedWindow, SharedWindow> | undefined {
  let copies: Map<SharedWindow, SharedWindow> | undefined
  for (const window of windows) {
    if (window.told < window.holders) (copies ??= new Map()).set(window, window.copy())
  }
  return copies
}
