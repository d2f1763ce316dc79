import type { TargetState } from '@singletrack/orchestrator'

/**
 * The targets as their problems should be shown: while a target is queued or builds, what its last
 * build said still holds. Without this every rebuild would empty the list and fill it again.
 */
export class ProblemMemory {
  readonly #last = new Map<string, TargetState>()

  /** Takes the present states and returns those whose problems are to be shown. */
  update(targets: readonly TargetState[]): readonly TargetState[] {
    const names = new Set(targets.map(({ name }) => name))
    for (const name of this.#last.keys()) if (!names.has(name)) this.#last.delete(name)
    return targets.map((target) => {
      const undecided = target.build.kind === 'queued' || target.build.kind === 'building'
      const last = this.#last.get(target.name)
      if (undecided && last !== undefined) return last
      this.#last.set(target.name, target)
      return target
    })
  }

  clear(): void {
    this.#last.clear()
  }
}
