import { hasBuild } from '../build/index.ts'
import type { Target, Workspace } from '../configuration/index.ts'
import type { PlanStep } from '../control/index.ts'
import { buildDependencies, changeReceivers, withDependencies } from '../graph/index.ts'
import { effectOfChange } from './effects.ts'
import { type ForecastTimes, forecast } from './forecast.ts'

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

/** Builds in the order in which the scheduler would begin them, each followed by its run. */
function inOrder(
  affected: ReadonlyMap<string, Affected>,
  action: 'restart' | 'start',
  options: PlanOptions,
): readonly PlanStep[] {
  const { workspace, durationOf, isWanted } = options
  const { targets } = workspace
  const names = withDependencies(targets, [...affected.keys()]).filter((each) => affected.has(each))
  const waitsFor = (name: string): readonly string[] =>
    buildDependencies(targets, name).filter((each) => affected.has(each))
  const builds = names.flatMap((name) => {
    const target = targets.get(name)
    return target === undefined || !hasBuild(target)
      ? []
      : [{ target, waitsFor: waitsFor(name), expectedMs: durationOf(name) }]
  })
  const times = forecast(workspace, builds)
  const places = new Map([...times.keys()].map((name, place) => [name, place]))
  const steps: PlacedStep[] = []
  for (const name of names) {
    const { target, because } = affected.get(name) ?? {}
    if (target === undefined || because === undefined) continue
    const build = times.get(name)
    const place = Math.max(...[name, ...waitsFor(name)].map((each) => places.get(each) ?? -1))
    places.set(name, place)
    if (build !== undefined) {
      const step = {
        action: 'build',
        because,
        uses: Object.keys(target.build?.uses ?? {}),
      } as const
      const when = { expectedStartMs: build.startMs, expectedMs: durationOf(name) }
      steps.push({ place, step: { target: name, ...step, waitsFor: waitsFor(name), ...when } })
    }
    if (target.run === null || target.start === 'external' || !isWanted(name)) continue
    const ready = target.dependsOn
      .filter(({ until, target: on }) => until !== 'built' && affected.has(on))
      .map((dependency) => dependency.target)
    steps.push({
      place: Math.max(place, ...ready.map((each) => places.get(each) ?? -1)),
      step: {
        target: name,
        action,
        because: build === undefined ? because : `${name} is rebuilt`,
        waitsFor: build === undefined ? [...waitsFor(name), ...ready] : [name, ...ready],
        uses: [],
        expectedStartMs:
          ready.length > 0
            ? null
            : lastEnd([name, ...waitsFor(name)].map((each) => times.get(each))),
        expectedMs: null,
      },
    })
  }
  return steps.toSorted((a, b) => a.place - b.place).map(({ step }) => step)
}

/** When the last of these builds ends; what is not built keeps nobody waiting. */
function lastEnd(builds: readonly (ForecastTimes | undefined)[]): number | null {
  const ends = builds.flatMap((build) => (build === undefined ? [] : [build.endMs]))
  return ends.includes(null) ? null : Math.max(0, ...ends.map((endMs) => endMs ?? 0))
}

/** A step, and the place of its build, or of what it waits for, in the order of builds. */
interface PlacedStep {
  readonly place: number
  readonly step: PlanStep
}
