import type { Undelivered } from './schedule.ts'
import type { SharedWindow } from './shared-window.ts'

/** The batch that one target gets next: its window, and what it waits for besides quiet. */
export class PendingBatch implements Undelivered {
  /** Another one that holds the same so far once the others who hold it are not told something. */
  window: SharedWindow
  deliveredAt: number | undefined
  releasedAt: number | undefined
  flush = false
  /** Git was at work when it was last asked. */
  isHeld = false

  constructor(window: SharedWindow) {
    this.window = window
    window.holders += 1
  }

  /** Goes on with another window that holds the same so far. */
  replace(window: SharedWindow): void {
    this.letGo()
    this.window = window
    window.holders += 1
  }

  /** Holds its window no longer. */
  letGo(): void {
    this.window.holders -= 1
  }

  /** Git has let go. */
  release(nowMs: number): void {
    this.isHeld = false
    this.releasedAt = nowMs
  }
}
