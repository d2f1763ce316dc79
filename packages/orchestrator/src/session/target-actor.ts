import { isDeepStrictEqual } from 'node:util'

import { type CargoResolution, followExecutable } from '../build/index.ts'
import type { Target } from '../configuration/index.ts'
import { LoopDetector } from '../loops/index.ts'
import type { OutputsFingerprint } from '../outputs/index.ts'
import type { Runner } from '../run/index.ts'
import { type BuildState, type RunState, type TargetState, phaseOf } from '../state/index.ts'

/**
 * Everything the session knows of one target. It decides nothing; the session and the builder do,
 * and every change is told through `onChange`.
 */
export class TargetActor {
  /** Set once, right after construction, for a target with a run. */
  runner: Runner | null = null
  /** The outputs of the last good build. */
  outputs: OutputsFingerprint | null = null
  /** What its latest build has made of the lockfile that it both reads and writes. */
  resolution: CargoResolution | null = null
  /** A good build that is not running yet because a dependency has moved meanwhile. */
  unswapped = false
  /** Which of its changes its own builds have made. */
  readonly loops: LoopDetector = new LoopDetector()
  #definition: Target
  #target: Target
  #executable: string | null = null
  #generation = 1
  #builtGeneration = 0
  #busyUntil = 0
  #build: BuildState
  #wanted = false
  #cause: number | null = null
  #suspended: readonly { readonly path: string; readonly ignore: string }[] = []
  readonly #root: string
  readonly #onChange: () => void
  readonly #now: () => number

  /** @param root of the workspace, to which outputs are relative */
  constructor(target: Target, root: string, onChange: () => void, now: () => number) {
    this.#root = root
    this.#definition = target
    this.#target = target
    this.#build = target.build === null ? { kind: 'none' } : { kind: 'idle' }
    this.#onChange = onChange
    this.#now = now
  }

  /** As it is defined, with the program that its build made where that is another one. */
  get target(): Target {
    return this.#target
  }
  set target(definition: Target) {
    this.#definition = definition
    this.#target = this.#followed(definition)
  }
  get name(): string {
    return this.target.name
  }
  get generation(): number {
    return this.#generation
  }
  get builtGeneration(): number {
    return this.#builtGeneration
  }
  get build(): BuildState {
    return this.#build
  }
  /** Whether it was being built at that time; epoch milliseconds. */
  wasBusyAt(time: number): boolean {
    return this.#build.kind === 'building' || time <= this.#busyUntil
  }
  get wanted(): boolean {
    return this.#wanted
  }
  get cause(): number | null {
    return this.#cause
  }
  get run(): RunState {
    if (this.target.run === null) return { kind: 'none' }
    if (this.target.start === 'external') return { kind: 'external' }
    return this.runner?.state ?? { kind: 'stopped', reason: 'not-started' }
  }

  /** Counts a change of something this target is made from. */
  bump(): void {
    this.#generation += 1
    this.#onChange()
  }

  /** The build says where the program is. */
  made(executable: string): void {
    if (executable === this.#executable) return
    this.#executable = executable
    const target = this.#followed(this.#definition)
    if (isDeepStrictEqual(target, this.#target)) return
    this.#target = target
    this.runner?.redefine(target)
  }

  want(wanted: boolean): void {
    this.#wanted = wanted
    this.#onChange()
  }

  causedBy(event: number): void {
    this.#cause = event
  }

  setBuild(build: BuildState): void {
    if (build.kind === 'building') this.loops.started(build.since)
    else if (this.#build.kind === 'building') {
      this.#busyUntil = this.#now()
      this.loops.ended(this.#busyUntil)
    }
    this.#build = build
    if (build.kind === 'succeeded') this.#builtGeneration = build.generation
    this.#onChange()
  }

  suspend(path: string, ignore: string): void {
    if (this.#suspended.some((entry) => entry.path === path)) return
    this.#suspended = [...this.#suspended, { path, ignore }]
    this.#onChange()
  }

  /** Lets these paths count again. */
  release(paths: readonly string[]): void {
    const left = this.#suspended.filter(({ path }) => !paths.includes(path))
    if (left.length === this.#suspended.length) return
    this.#suspended = left
    this.#onChange()
  }

  /** What it is made from is defined anew: what was learned of its loops holds no more. */
  forgetLoops(): void {
    this.loops.reset()
    this.release(this.#suspended.map(({ path }) => path))
  }

  state(): TargetState {
    const { run } = this
    return {
      name: this.name,
      generation: this.#generation,
      builtGeneration: this.#builtGeneration,
      build: this.#build,
      run,
      phase: phaseOf(this.#build, run),
      link: run.kind === 'ready' ? run.link : null,
      start: this.target.start,
      wanted: this.#wanted,
      suspended: this.#suspended,
      cause: this.#cause,
      ...(this.runner?.functionState === undefined ? {} : { function: this.runner.functionState }),
      ...(typeof this.runner?.inspector === 'string' ? { inspector: this.runner.inspector } : {}),
    }
  }

  #followed(definition: Target): Target {
    return this.#executable === null
      ? definition
      : followExecutable(definition, this.#executable, this.#root)
  }
}
