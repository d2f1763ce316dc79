import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'

import { resolveRoot } from '@singletrack/orchestrator'
import * as vscode from 'vscode'

import { CONFIGURATION_FILE } from '../model/configuration-outline.ts'
import { asOpened } from '../model/opened-paths.ts'
import type { RootView } from '../model/root-view.ts'
import { type OpenRoot, openRoots } from '../model/roots.ts'
import { Emitter } from '../session/emitter.ts'
import type { RootSession } from '../session/root-session.ts'

/** A root that is open in this window, with its session. */
export interface WindowRoot {
  readonly open: OpenRoot
  readonly session: RootSession
}

/**
 * The roots of the open folders, each with its session. Follows the folders of the window and the
 * coming and going of configuration files; owns the sessions' clients.
 */
export class WorkspaceRoots implements AsyncDisposable {
  readonly #create: (root: string) => RootSession
  readonly #log: vscode.LogOutputChannel
  readonly #changes = new Emitter<void>()
  readonly #added = new Emitter<WindowRoot>()
  readonly #roots = new Map<string, WindowRoot>()
  readonly #disposables: vscode.Disposable[] = []

  constructor(create: (root: string) => RootSession, log: vscode.LogOutputChannel) {
    this.#create = create
    this.#log = log
    const files = vscode.workspace.createFileSystemWatcher(`**/${CONFIGURATION_FILE}`)
    this.#disposables.push(
      files,
      files.onDidCreate(() => this.update()),
      files.onDidDelete(() => this.update()),
      files.onDidChange(() => this.#changes.emit()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.update()),
    )
  }

  /** Calls the listener whenever a root comes or goes, or what is known of one has changed. */
  readonly onChange: Emitter<void>['on'] = (listener) => this.#changes.on(listener)

  /** Calls the listener with every root that is opened later. */
  readonly onAdded: Emitter<WindowRoot>['on'] = (listener) => this.#added.on(listener)

  get all(): readonly WindowRoot[] {
    return [...this.#roots.values()]
  }

  get(root: string): WindowRoot | undefined {
    return this.#roots.get(root)
  }

  /** What is known of every root now. */
  views(): readonly RootView[] {
    return this.all.map(({ open, session }) => ({
      root: open.root,
      name: open.name,
      configured: isConfigured(open.root),
      link: session.link,
      locks: session.locks,
      history: session.history,
    }))
  }

  /** Looks at the folders of the window again. */
  update(): void {
    const folders = (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri, name }) => ({ path: uri.fsPath, real: realPath(uri.fsPath), name }))
    const present = openRoots(folders, (folder) => this.#rootOf(folder))
    const kept = new Set(present.map(({ root }) => root))
    for (const [root, { session }] of this.#roots) {
      if (kept.has(root)) continue
      this.#roots.delete(root)
      void session[Symbol.asyncDispose]()
    }
    for (const open of present) {
      const known = this.#roots.get(open.root)
      const session = known?.session ?? this.#create(open.root)
      this.#roots.set(open.root, { open, session })
      if (known !== undefined) continue
      this.#log.info(`root ${open.root}`)
      session.onChange(() => this.#changes.emit())
      this.#added.emit({ open, session })
    }
    this.#changes.emit()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const disposable of this.#disposables) disposable.dispose()
    this.#changes.clear()
    await Promise.all(this.all.map(async ({ session }) => session[Symbol.asyncDispose]()))
    this.#roots.clear()
  }

  #rootOf(folder: string): string | null {
    try {
      return resolveRoot({ cwd: folder })
    } catch (error) {
      this.#log.warn(`${folder}: ${error instanceof Error ? error.message : String(error)}`)
      return null
    }
  }
}

function realPath(folder: string): string {
  try {
    return realpathSync(folder)
  } catch {
    // It is not there, which is said where its root is looked for.
    return folder
  }
}

export const configurationPath = (root: string): string => path.join(root, CONFIGURATION_FILE)

/** The configuration of a root as the window knows it. */
export const configurationUri = ({ folders, root }: OpenRoot): vscode.Uri =>
  vscode.Uri.file(asOpened(configurationPath(root), folders))

/** Whether a folder of the window belongs to a root. */
export const holds = ({ folders }: OpenRoot, { uri }: vscode.WorkspaceFolder): boolean =>
  folders.some((folder) => folder.path === uri.fsPath)

export const isConfigured = (root: string): boolean => existsSync(configurationPath(root))
