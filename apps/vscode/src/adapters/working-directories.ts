import type { RootSession } from '../session/root-session.ts'
import type { WorkspaceRoots } from './workspace-roots.ts'

/**
 * Where the commands of targets run, asked of the session once for each target that has something to
 * say about files. In Restricted Mode nothing is asked.
 */
export class WorkingDirectories {
  readonly #roots: WorkspaceRoots
  readonly #mayAsk: () => boolean
  readonly #onKnown: () => void
  readonly #known = new Map<string, string | null>()

  constructor(roots: WorkspaceRoots, mayAsk: () => boolean, onKnown: () => void) {
    this.#roots = roots
    this.#mayAsk = mayAsk
    this.#onKnown = onKnown
  }

  /** The directory, or `null` until the session has answered. */
  of(root: string, target: string): string | null {
    const session = this.#roots.get(root)?.session
    if (session?.link.kind !== 'attached' || !this.#mayAsk()) return null
    const key = JSON.stringify([session.link.hello.nonce, target])
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.#known.set(key, null)
    void this.#ask(session, target, key)
    return null
  }

  async #ask(session: RootSession, target: string, key: string): Promise<void> {
    try {
      const { cwd } = await session.request('env', { target })
      this.#known.set(key, cwd)
      this.#onKnown()
    } catch {
      // Gone, or the target has been removed: it is asked again when it is needed again.
      this.#known.delete(key)
    }
  }

  /** Forgets everything, since a changed configuration may have moved a target. */
  clear(): void {
    this.#known.clear()
  }
}
