import type { ChildLine } from './child.ts'

/** The lines of a process as they come: the last one, and whoever wants to read along. */
export class RunOutput {
  lastLine: string | null = null
  readonly #listeners = new Set<(line: ChildLine) => void>()

  push(line: ChildLine): void {
    this.lastLine = line.line
    for (const listener of this.#listeners) listener(line)
  }

  subscribe(listener: (line: ChildLine) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
