import path from 'node:path'

import * as vscode from 'vscode'

import { asReal } from '../model/opened-paths.ts'
import { isWithin } from '../model/within.ts'
import { readSettings } from './settings.ts'
import type { WorkspaceRoots } from './workspace-roots.ts'

/** Somebody who leafs through files has not settled on one yet. */
const SETTLED_AFTER_MS = 500

/** Tells the session which targets somebody is working on, so that their builds go first. */
export class FollowActiveFile implements vscode.Disposable {
  readonly #roots: WorkspaceRoots
  readonly #log: vscode.LogOutputChannel
  readonly #listener: vscode.Disposable
  #timer: NodeJS.Timeout | null = null

  constructor(roots: WorkspaceRoots, log: vscode.LogOutputChannel) {
    this.#roots = roots
    this.#log = log
    this.#listener = vscode.window.onDidChangeActiveTextEditor((editor) => this.#changed(editor))
  }

  dispose(): void {
    this.#listener.dispose()
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  #changed(editor: vscode.TextEditor | undefined): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (editor?.document.uri.scheme !== 'file' || !vscode.workspace.isTrusted) return
    const file = editor.document.uri.fsPath
    this.#timer = setTimeout(() => {
      this.#attend(file).catch((error: unknown) =>
        this.#log.debug(`attend: ${error instanceof Error ? error.message : String(error)}`),
      )
    }, SETTLED_AFTER_MS)
  }

  async #attend(file: string): Promise<void> {
    for (const { open, session } of this.#roots.all) {
      const real = asReal(file, open.folders)
      if (!isWithin(open.root, real)) continue
      if (session.link.kind !== 'attached' || !readSettings(open).followActiveFile) continue
      const relative = path.relative(open.root, real)
      // oxlint-disable-next-line no-await-in-loop -- a window has one root, seldom two
      const { targets } = await session.request('explain', { path: relative })
      // oxlint-disable-next-line no-await-in-loop -- follows from the answer above
      await session.request('attend', { targets: targets.map(({ name }) => name) })
    }
  }
}
