/** How a task was overtaken, as far as it counts that itself. */
export class Overtaking {
  skips = 0
  /** The last run that was counted. */
  lastRun = 0
}
