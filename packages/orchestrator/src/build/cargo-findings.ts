import { dirname, relative, sep } from 'node:path'

import { type Target, escapeGlob } from '../configuration/index.ts'
import type { CargoMessage, Diagnostic } from '../diagnostics/index.ts'

type CompilerMessage = CargoMessage & { readonly kind: 'rendered' }

// A broken build repeats itself: nobody reads more, and editors slow down.
const MAX_FINDINGS = 1_000

/**
 * What the compiler said during one cargo, of which package, so that each target of a joint build
 * gets what is its own and nothing of its neighbors.
 */
export class CargoFindings {
  readonly #root: string
  readonly #messages: CompilerMessage[] = []

  constructor(root: string) {
    this.#root = root
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0
  }

  add(message: CompilerMessage): void {
    if (message.diagnostic !== null && this.#messages.length < MAX_FINDINGS)
      this.#messages.push(message)
  }

  /** What concerns the program of this target: what was said of itself and of what it is made from. */
  of(target: Target): readonly Diagnostic[] {
    const found = new Map<string, Diagnostic>()
    for (const message of this.#messages) {
      const { diagnostic } = message
      if (diagnostic === null || !this.#concerns(message, target)) continue
      const { file, line, column, message: text } = diagnostic
      const key = JSON.stringify([file, line, column, text])
      if (!found.has(key)) found.set(key, diagnostic)
    }
    return [...found.values()]
  }

  #concerns({ target: crate, targetKinds, manifest }: CompilerMessage, target: Target): boolean {
    if (targetKinds.includes('bin')) return crate === target.name
    if (manifest === null) return false
    const directory = relative(this.#root, dirname(manifest)).split(sep).join('/')
    const parts = directory === '' ? [] : directory.split('/')
    const trees = parts.map((_, index) => `${escapeGlob(parts.slice(0, index + 1).join('/'))}/**`)
    return ['**', ...trees].some((tree) => target.watch.includes(tree))
  }
}
