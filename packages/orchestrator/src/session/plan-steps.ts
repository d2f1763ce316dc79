import type { Target, Workspace } from '../configuration/index.ts'
import type { PlanStep } from '../control/index.ts'
import { buildDependencies, changeReceivers, withDependencies } from '../graph/index.ts'
import { effectOfChange } from './effects.ts'

export interface PlanOptions {
  readonly workspace: Workspace
  /** What a build of this target took last time, in milliseconds. */
  readonly durationOf: (target: string) => number | null
  /** Whether somebody wants the target. */
  readonly isWanted: (target: string) => boolean
}

interface Affected {
  readonly target: Target
  readonly because: string
}

/** What would happen if files of these targets changed now and every output with them. */
export function planChange(
  changed: readonly string[],
  path: string,
  options: PlanOptions,
): readonly PlanStep[] {
  const { targets } = options.workspace
  const affected = new Map<string, Affected>()
  const visit = (name: string, because: string): void => {
    const target = targets.get(name)
    if (target === undefined || affected.has(name)) return
    const effect = effectOfChange(target, options.isWanted(name))
    if (effect === 'remember') return
    if (effect !== 'pass-on') affected.set(name, { target, because })
    if (effect === 'restart') return
    const reason = effect === 'pass-on' ? because : `${name} is rebuilt`
    for (const receiver of changeReceivers(targets, name)) visit(receiver.name, reason)
  }
  for (const name of changed) visit(name, `${path} changed`)
  return inOrder(affected, 'restart', options)
}

/** What it takes to start these targets with everything they need, from nothing. */
export function planStart(
  names: readonly string[],
  because: string,
  options: PlanOptions,
): readonly PlanStep[] {
  const { targets } = options.workspace
  const affected = new Map<string, Affected>()
  for (const name of withDependencies(targets, names)) {
    const target = targets.get(name)
    if (target === undefined || (target.build === null && target.run === null)) continue
    const reason = names.includes(name) ? because : `needed by ${names.join(', ')}`
    affected.set(name, { target, because: reason })
  }
  return inOrder(affected, 'start', options)
}

/** Builds in the order in which dependencies and resources let them, each followed by its run. */
function inOrder(
  affected: ReadonlyMap<string, Affected>,
  action: 'restart' | 'start',
  options: PlanOptions,
): readonly PlanStep[] {
  const { targets } = options.workspace
  const forecast = new Forecast(options)
  const steps: PlanStep[] = []
  for (const name of withDependencies(targets, [...affected.keys()])) {
    const entry = affected.get(name)
    if (entry === undefined) continue
    const { target, because } = entry
    const waitsFor = buildDependencies(targets, name).filter((each) => affected.has(each))
    const build = target.build === null ? null : forecast.add(target, waitsFor)
    if (build !== null)
      steps.push({
        target: name,
        action: 'build',
        because,
        waitsFor,
        uses: usesOf(target),
        ...build,
      })
    if (target.run === null || target.start === 'external' || !options.isWanted(name)) continue
    const ready = target.dependsOn
      .filter(({ until, target: on }) => until !== 'built' && affected.has(on))
      .map((dependency) => dependency.target)
    steps.push({
      target: name,
      action,
      because: build === null ? because : `${name} is rebuilt`,
      waitsFor: build === null ? [...waitsFor, ...ready] : [name, ...ready],
      uses: [],
      expectedStartMs: build === null ? null : forecast.endOf(name),
      expectedMs: null,
    })
  }
  return steps.toSorted((a, b) => (a.expectedStartMs ?? 0) - (b.expectedStartMs ?? 0))
}

const usesOf = ({ build }: Target): readonly string[] => Object.keys(build?.uses ?? {})

/** When builds would begin if nothing else came: each after its dependencies, as resources allow. */
class Forecast {
  readonly #options: PlanOptions
  /** When each unit of a resource, and each place at a time, comes free. */
  readonly #free = new Map<string, number[]>()
  readonly #ends = new Map<string, number | null>()

  constructor(options: PlanOptions) {
    this.#options = options
    const { resources, concurrency } = options.workspace
    this.#free.set(
      '',
      Array.from({ length: concurrency }, () => 0),
    )
    for (const { name, capacity } of resources.values())
      this.#free.set(
        `resource ${name}`,
        Array.from({ length: capacity }, () => 0),
      )
  }

  endOf(name: string): number | null {
    return this.#ends.get(name) ?? null
  }

  add(
    target: Target,
    waitsFor: readonly string[],
  ): Pick<PlanStep, 'expectedStartMs' | 'expectedMs'> {
    const expectedMs = this.#options.durationOf(target.name)
    const needs = [['', 1] as const, ...this.#unitsOf(target)]
    const free = needs.map(([key, units]) => this.#whenFree(key, units))
    const after = waitsFor.map((name) => this.endOf(name))
    const times = [...free, ...after]
    const expectedStartMs = times.includes(null)
      ? null
      : Math.max(0, ...times.filter((time) => time !== null))
    const end =
      expectedStartMs === null || expectedMs === null ? null : expectedStartMs + expectedMs
    this.#ends.set(target.name, end)
    for (const [key, units] of needs) this.#occupy(key, units, end ?? Number.POSITIVE_INFINITY)
    return { expectedStartMs, expectedMs }
  }

  #unitsOf({ build }: Target): readonly (readonly [string, number])[] {
    return Object.entries(build?.uses ?? {}).map(([name, units]) => [`resource ${name}`, units])
  }

  /** `null` when that rests on a build of which nobody knows how long it takes. */
  #whenFree(key: string, units: number): number | null {
    const at = this.#free.get(key)?.toSorted((a, b) => a - b)[units - 1] ?? 0
    return at === Number.POSITIVE_INFINITY ? null : at
  }

  #occupy(key: string, units: number, until: number): void {
    const free = this.#free.get(key)?.toSorted((a, b) => a - b) ?? []
    this.#free.set(key, [...free.slice(units), ...free.slice(0, units).map(() => until)])
  }
}
