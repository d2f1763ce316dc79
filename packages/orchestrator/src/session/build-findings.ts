import { existsSync } from 'node:fs'

import { CargoFindings } from '../build/index.ts'
import {
  type CargoMessage,
  type Diagnostic,
  createCargoMessages,
  createDiagnosticsParser,
  headline,
  locateFiles,
} from '../diagnostics/index.ts'
import { cleanLine, stripColors } from '../logs/index.ts'
import type { ChildLine } from '../run/index.ts'
import { type Members, buildTarget } from './build-members.ts'
import type { TargetActor } from './target-actor.ts'

/** The last so many lines are kept to explain a failure that no parser understands. */
const TAIL_LINES = 40

/** What a line of a build amounts to: lines for people, or a program that is done. */
export type LineMeaning =
  | { readonly kind: 'lines'; readonly lines: readonly ChildLine[] }
  | { readonly kind: 'artifact'; readonly artifact: CargoMessage & { readonly kind: 'artifact' } }
  | { readonly kind: 'nothing' }

/** What the output of one build says of its members. */
export class BuildFindings {
  readonly #isJoint: boolean
  readonly #root: string
  readonly #colors: boolean
  readonly #parsers: ReadonlyMap<TargetActor, ReturnType<typeof createDiagnosticsParser>>
  readonly #messages = createCargoMessages()
  readonly #ofCargo: CargoFindings
  readonly #found = new Map<TargetActor, readonly Diagnostic[]>()
  readonly #tail: string[] = []

  constructor(members: Members, root: string, colors: boolean) {
    this.#isJoint = members.length > 1
    this.#root = root
    this.#colors = colors
    this.#ofCargo = new CargoFindings(root)
    this.#parsers = new Map(
      members.map((member) => [
        member,
        createDiagnosticsParser(buildTarget(member).build.diagnostics),
      ]),
    )
  }

  /** Takes a line and tells what it means. */
  push(line: ChildLine): LineMeaning {
    for (const parser of this.#parsers.values()) parser.push(line.line)
    const message = line.stream === 'stdout' ? this.#messages.push(line.line) : null
    switch (message?.kind) {
      case undefined:
      case 'line':
        return this.#show([line])
      case 'rendered':
        this.#ofCargo.add(message)
        return this.#show(
          message.text
            .trimEnd()
            .split('\n')
            .map((text) => ({ stream: 'stderr', line: this.#readable(text) })),
        )
      case 'artifact':
        return { kind: 'artifact', artifact: message }
      case 'build-finished':
      case 'other':
        return { kind: 'nothing' }
    }
  }

  /** Whether the compiler refused something that this member of a joint build is made from. */
  isAtFault(member: TargetActor): boolean {
    return this.#ofCargo.of(member.target).some(({ severity }) => severity === 'error')
  }

  /** With the files as editors can open them: what tools print is relative to their own place. */
  of(member: TargetActor): readonly Diagnostic[] {
    return locateFiles(this.#diagnostics(member), [member.target.cwd, this.#root], existsSync)
  }

  /** The first error of a member; the last lines where no parser found one. */
  headlineOf(member: TargetActor): string {
    return headline(this.#diagnostics(member), this.#tail)
  }

  #show(lines: readonly ChildLine[]): LineMeaning {
    this.#tail.push(...lines.map(({ line }) => line))
    this.#tail.splice(0, this.#tail.length - TAIL_LINES)
    return { kind: 'lines', lines }
  }

  #readable(text: string): string {
    const clean = cleanLine(text)
    return this.#colors ? clean : stripColors(clean)
  }

  #diagnostics(member: TargetActor): readonly Diagnostic[] {
    const known = this.#found.get(member)
    if (known !== undefined) return known
    const isShared = this.#isJoint && !this.#ofCargo.isEmpty
    const found = isShared
      ? this.#ofCargo.of(member.target)
      : (this.#parsers.get(member)?.finish() ?? [])
    this.#found.set(member, found)
    return found
  }
}
