import * as vscode from 'vscode'

import { blockedByRustAnalyzer } from '../model/rust-analyzer.ts'
import type { WorkspaceRoots } from './workspace-roots.ts'

/** What a notification needs that waits for rust-analyzer: shorter waits are no reason to ask. */
const BLOCKED_FOR_MS = 3_000

/**
 * Says what needs a decision, each thing once: a loop that has been caught, builds that wait for
 * rust-analyzer, a session that cannot be attached to or did not start.
 */
export class Notifications implements vscode.Disposable {
  readonly #roots: WorkspaceRoots
  readonly #said = new Set<string>()
  #timer: NodeJS.Timeout | null = null

  constructor(roots: WorkspaceRoots) {
    this.#roots = roots
  }

  update(): void {
    for (const { open, session } of this.#roots.all) {
      const { link } = session
      if (link.kind === 'failed') {
        this.#say(`failed ${open.root} ${link.problem}`, 'The session did not start', link.problem)
      } else {
        this.#forget(`failed ${open.root} `)
      }
      if (link.kind === 'incompatible') {
        this.#say(
          `incompatible ${link.holder.nonce}`,
          'The running session has another version',
          link.problem,
        )
      }
      if (link.kind !== 'attached') continue
      for (const { name, suspended } of link.state.targets) {
        for (const { path, ignore } of suspended) this.#sayLoop(open.root, name, path, ignore)
      }
    }
    this.#watchForRustAnalyzer(this.#blocked())
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #say(key: string, title: string, detail: string): void {
    if (!this.#isNew(key)) return
    void this.#offer('Show Log', 'singletrack.showLog', undefined, (choice) =>
      vscode.window.showErrorMessage(`${title}: ${detail}`, choice),
    )
  }

  #sayLoop(root: string, target: string, path: string, ignore: string): void {
    if (!this.#isNew(`loop ${root} ${path}`) || !vscode.workspace.isTrusted) return
    const message = `Builds of ${target} write ${path}, which triggers them again. Its changes are suspended.`
    const fix = `Ignore "${ignore}"`
    void this.#offer(fix, 'singletrack.ignorePath', { root, ignore }, (choice) =>
      vscode.window.showWarningMessage(message, choice),
    )
  }

  /** The first target of all roots whose build waits for rust-analyzer. */
  #blocked(): string | null {
    for (const { session } of this.#roots.all) {
      if (session.link.kind !== 'attached') continue
      const blocked = blockedByRustAnalyzer(session.link.state.targets, session.history)
      if (blocked !== null) return blocked
    }
    return null
  }

  #watchForRustAnalyzer(blocked: string | null): void {
    if (blocked === null) {
      if (this.#timer !== null) clearTimeout(this.#timer)
      this.#timer = null
      return
    }
    this.#timer ??= setTimeout(() => this.#sayRustAnalyzer(blocked), BLOCKED_FOR_MS)
  }

  #sayRustAnalyzer(target: string): void {
    if (!this.#isNew('rust-analyzer')) return
    const message = `The build of ${target} waits for rust-analyzer, which checks in the same target directory. With one of its own neither waits for the other.`
    void this.#offer('Separate Them', 'singletrack.separateRustAnalyzer', undefined, (choice) =>
      vscode.window.showInformationMessage(message, choice),
    )
  }

  /** Shows a message with one button; the button runs the command. */
  async #offer(
    button: string,
    command: string,
    argument: unknown,
    show: (button: string) => Thenable<string | undefined>,
  ): Promise<void> {
    const choice = await show(button)
    if (choice === button) await vscode.commands.executeCommand(command, argument)
  }

  #isNew(key: string): boolean {
    if (this.#said.has(key)) return false
    this.#said.add(key)
    return true
  }

  #forget(prefix: string): void {
    for (const key of this.#said) if (key.startsWith(prefix)) this.#said.delete(key)
  }
}
