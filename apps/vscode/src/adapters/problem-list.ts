import { existsSync } from 'node:fs'
import path from 'node:path'

import type { SessionState } from '@singletrack/orchestrator'
import * as vscode from 'vscode'

import { outlineTargets } from '../model/configuration-outline.ts'
import { asOpened } from '../model/opened-paths.ts'
import { ProblemMemory } from '../model/problem-memory.ts'
import { type Problem, diagnosticsOf, problemFrom, problemsOf } from '../model/problems.ts'
import type { OpenRoot } from '../model/roots.ts'
import { takenOver } from '../model/taken-over.ts'
import type { WorkingDirectories } from './working-directories.ts'
import { type WindowRoot, type WorkspaceRoots, configurationUri } from './workspace-roots.ts'

export const SUSPENDED_CODE = 'suspended-path'

/**
 * The owner of all our problems, also of those that the matchers of the manifest find: these have
 * exactly this as their source, too.
 */
const OWNER = 'singletrack'

/**
 * The problems that the builds of the sessions report, in the editor's list. They come from the
 * session's state, so each is there once and goes with the build that mends it. What a task has
 * found before there was a session belongs to the same owner, so that the session can replace it.
 */
export class ProblemList implements vscode.Disposable {
  readonly #roots: WorkspaceRoots
  readonly #directories: WorkingDirectories
  readonly #collection = vscode.languages.createDiagnosticCollection(OWNER)
  readonly #memories = new Map<string, ProblemMemory>()
  // Nobody watches and nothing is wrong: there is nothing to take away.
  #shown = JSON.stringify([[], [], []])
  #files: readonly string[] = []

  constructor(roots: WorkspaceRoots, directories: WorkingDirectories) {
    this.#roots = roots
    this.#directories = directories
  }

  /** Shows what the sessions say now. A session that has gone takes its problems along. */
  update(): void {
    const found: Found[] = []
    const suspended: Suspended[] = []
    const sessions: string[] = []
    for (const root of this.#roots.all) {
      const { link } = root.session
      if (link.kind !== 'attached') {
        this.#memories.delete(root.open.root)
        continue
      }
      sessions.push(link.holder.nonce)
      for (const problem of this.#problemsOf(root, link.state))
        found.push({ problem, open: root.open })
      suspended.push(...suspendedOf(root, link.state))
    }
    const key = JSON.stringify([sessions, found.map(({ problem }) => problem), suspended])
    if (key === this.#shown) return
    this.#shown = key
    this.#show(found, suspended)
  }

  /** The place of one problem of a target, as the tree lists them; `null` when it names none. */
  placeOf(root: WindowRoot, target: string, index: number): vscode.Location | null {
    const { link } = root.session
    const state =
      link.kind === 'attached' ? link.state.targets.find(({ name }) => name === target) : undefined
    const diagnostic = state === undefined ? undefined : diagnosticsOf(state)[index]
    if (diagnostic === undefined) return null
    const problem = problemFrom(target, diagnostic, this.#placesOf(root.open.root))
    return problem === null
      ? null
      : new vscode.Location(uriOf({ problem, open: root.open }), rangeOf(problem))
  }

  dispose(): void {
    this.#collection.dispose()
  }

  #problemsOf({ open }: WindowRoot, state: SessionState): readonly Problem[] {
    const memory = this.#memories.get(open.root) ?? new ProblemMemory()
    this.#memories.set(open.root, memory)
    return problemsOf(memory.update(state.targets), this.#placesOf(open.root))
  }

  #placesOf(root: string): Parameters<typeof problemsOf>[1] {
    return { root, cwdOf: (target) => this.#directories.of(root, target), paths: path }
  }

  #show(found: readonly Found[], suspended: readonly Suspended[]): void {
    const byFile = new Map<string, vscode.Diagnostic[]>()
    const add = (uri: vscode.Uri, diagnostic: vscode.Diagnostic): void => {
      const list = byFile.get(uri.toString()) ?? []
      list.push(diagnostic)
      byFile.set(uri.toString(), list)
    }
    for (const each of found) add(uriOf(each), diagnosticOf(each.problem))
    for (const each of suspended) add(vscode.Uri.file(each.file), suspendedDiagnostic(each))
    // Not everything at once, which would take along what tasks have found in other roots.
    for (const uri of this.#foundByTasks()) this.#collection.delete(uri)
    for (const uri of this.#files) if (!byFile.has(uri)) this.#collection.delete(parse(uri))
    this.#files = [...byFile.keys()]
    this.#collection.set([...byFile].map(([uri, list]) => [parse(uri), list]))
  }

  /** The files of the present sessions in which a task has found something. */
  #foundByTasks(): readonly vscode.Uri[] {
    const found = vscode.languages
      .getDiagnostics()
      .filter(([uri, list]) => uri.scheme === 'file' && list.some(({ source }) => source === OWNER))
    const roots = this.#roots.all.map(({ open, session }) => ({
      root: open.root,
      attached: session.link.kind === 'attached',
    }))
    const taken = new Set(
      takenOver(
        found.map(([{ fsPath }]) => fsPath),
        roots,
      ),
    )
    return found.flatMap(([uri]) => (taken.has(uri.fsPath) ? [uri] : []))
  }
}

const parse = (uri: string): vscode.Uri => vscode.Uri.parse(uri, true)

/** A problem, with the root whose session reports it. */
interface Found {
  readonly problem: Problem
  readonly open: OpenRoot
}

/** A path whose changes are suspended, said where its target is defined. */
interface Suspended {
  readonly file: string
  readonly target: string
  readonly path: string
  readonly ignore: string
}

function suspendedOf({ open }: WindowRoot, { targets }: SessionState): readonly Suspended[] {
  const file = configurationUri(open).fsPath
  return targets.flatMap(({ name, suspended }) =>
    suspended.map(({ path: place, ignore }) => ({ file, target: name, path: place, ignore })),
  )
}

function suspendedDiagnostic({ file, target, path: place, ignore }: Suspended): vscode.Diagnostic {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === file)
  const text = document?.getText() ?? ''
  const named = outlineTargets(text).find(({ name }) => name === target)
  const range =
    document === undefined || named === undefined
      ? new vscode.Range(0, 0, 0, 1)
      : new vscode.Range(
          document.positionAt(named.offset),
          document.positionAt(named.offset + named.length),
        )
  const diagnostic = new vscode.Diagnostic(
    range,
    `Builds of ${target} write ${place}, which triggers them again. Its changes are suspended; ignore it: "${ignore}"`,
    vscode.DiagnosticSeverity.Warning,
  )
  diagnostic.source = 'singletrack'
  diagnostic.code = SUSPENDED_CODE
  return diagnostic
}

function uriOf({ problem: { candidates }, open: { folders } }: Found): vscode.Uri {
  const file = candidates.find((each) => existsSync(each)) ?? candidates[0] ?? ''
  return vscode.Uri.file(asOpened(file, folders))
}

function rangeOf({ line, column }: Problem): vscode.Range {
  // From a column the editor extends to the word; without one the whole line is meant.
  return column === null
    ? new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER)
    : new vscode.Range(line, column, line, column)
}

function diagnosticOf(problem: Problem): vscode.Diagnostic {
  const severity =
    problem.severity === 'error'
      ? vscode.DiagnosticSeverity.Error
      : vscode.DiagnosticSeverity.Warning
  const diagnostic = new vscode.Diagnostic(rangeOf(problem), problem.message, severity)
  diagnostic.source = `singletrack ${problem.target}: ${problem.source}`
  if (problem.code !== null) diagnostic.code = problem.code
  return diagnostic
}
