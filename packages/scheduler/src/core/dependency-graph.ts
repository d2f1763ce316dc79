type Neighbors = Iterable<string>

const none: readonly string[] = []

/**
 * Who declared to depend on whom. Declarations are remembered after a task has ended, because a
 * dependency that is rebuilt must still be kept apart from dependents two steps away.
 */
export class DependencyGraph {
  readonly #below = new Map<string, readonly string[]>()
  readonly #above = new Map<string, Set<string>>()
  #depths = new Map<string, number>()

  /** How many have declared dependencies. */
  get size(): number {
    return this.#below.size
  }

  dependenciesOf(id: string): readonly string[] {
    return this.#below.get(id) ?? none
  }

  dependentsOf(id: string): Neighbors {
    return this.#above.get(id) ?? none
  }

  hasDependents(id: string): boolean {
    return this.#above.has(id)
  }

  /** Replaces what `id` depends on; says whether that changed anything. */
  declare(id: string, dependencies: readonly string[]): boolean {
    const before = this.dependenciesOf(id)
    if (sameMembers(before, dependencies)) return false
    this.#unlink(id, before)
    if (dependencies.length > 0) this.#below.set(id, dependencies)
    for (const dependency of dependencies) {
      const dependents = this.#above.get(dependency)
      if (dependents === undefined) this.#above.set(dependency, new Set([id]))
      else dependents.add(id)
    }
    this.#depths = new Map()
    return true
  }

  forget(id: string): void {
    this.declare(id, none)
  }

  /** The circle that these dependencies would close among the tasks that count, or undefined. */
  findCycle(
    id: string,
    dependencies: readonly string[],
    counts: (id: string) => boolean,
  ): readonly string[] | undefined {
    if (dependencies.includes(id)) return [id, id]
    if (!this.hasDependents(id)) return undefined
    const path = this.#path(dependencies, id, counts)
    return path === undefined ? undefined : [id, ...path]
  }

  /**
   * Forgets declarations of tasks that are neither queued nor running if they would close a circle
   * with these: the newer declaration is right, the older one is from an earlier configuration.
   * Says whether there were any.
   */
  dropOutdated(
    id: string,
    dependencies: readonly string[],
    isActive: (id: string) => boolean,
  ): boolean {
    for (let dropped = false; ; dropped = true) {
      if (!this.hasDependents(id)) return dropped
      const path = this.#path(dependencies, id, () => true)
      const outdated = path?.find((step) => step !== id && !isActive(step))
      if (outdated === undefined) return dropped
      this.forget(outdated)
    }
  }

  /** The longest chain of declared dependencies below `id`. */
  depth(id: string): number {
    const stack = [id]
    for (let current = stack.at(-1); current !== undefined; current = stack.at(-1)) {
      const missing = this.dependenciesOf(current).filter((next) => !this.#depths.has(next))
      if (missing.length > 0) {
        stack.push(...missing)
        continue
      }
      stack.pop()
      this.#depths.set(current, this.#depthAbove(this.dependenciesOf(current)))
    }
    return this.#depths.get(id) ?? 0
  }

  #depthAbove(dependencies: readonly string[]): number {
    let depth = 0
    for (const dependency of dependencies) {
      depth = Math.max(depth, (this.#depths.get(dependency) ?? 0) + 1)
    }
    return depth
  }

  #path(
    from: readonly string[],
    to: string,
    counts: (id: string) => boolean,
  ): readonly string[] | undefined {
    const cameFrom = new Map<string, string | undefined>(from.map((id) => [id, undefined]))
    const pending = [...from]
    for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
      if (current === to) return pathTo(to, cameFrom)
      if (!counts(current)) continue
      for (const next of this.dependenciesOf(current)) {
        if (cameFrom.has(next)) continue
        cameFrom.set(next, current)
        pending.push(next)
      }
    }
    return undefined
  }

  #unlink(id: string, dependencies: readonly string[]): void {
    this.#below.delete(id)
    for (const dependency of dependencies) {
      const dependents = this.#above.get(dependency)
      dependents?.delete(id)
      if (dependents?.size === 0) this.#above.delete(dependency)
    }
  }
}

/**
 * Visits everything reachable, each id once. `visit` says how to go on: `enter` what is next to it,
 * `pass` it by, or `stop` altogether.
 */
export function walk(
  start: Neighbors,
  next: (id: string) => Neighbors,
  visit: (id: string) => 'enter' | 'pass' | 'stop',
): void {
  const seen = new Set(start)
  const pending = [...seen]
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    const decision = visit(current)
    if (decision === 'stop') return
    if (decision === 'pass') continue
    for (const neighbor of next(current)) {
      if (seen.has(neighbor)) continue
      seen.add(neighbor)
      pending.push(neighbor)
    }
  }
}

function pathTo(end: string, cameFrom: ReadonlyMap<string, string | undefined>): readonly string[] {
  const path: string[] = []
  for (let step: string | undefined = end; step !== undefined; step = cameFrom.get(step)) {
    path.unshift(step)
  }
  return path
}

function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id))
}
