import { existsSync } from 'node:fs'
import path from 'node:path'

import * as vscode from 'vscode'

import { outlineTargets } from '../../model/configuration-outline.ts'
import { brokenAt } from '../../model/configuration-place.ts'
import { asOpened } from '../../model/opened-paths.ts'
import type { ProblemList } from '../problem-list.ts'
import { type WindowRoot, type WorkspaceRoots, configurationUri } from '../workspace-roots.ts'
import { subjectOf } from './pick.ts'

/** Opens the address of a target in the browser. */
export async function openTarget({ session }: WindowRoot, target: string): Promise<void> {
  const state =
    session.link.kind === 'attached'
      ? session.link.state.targets.find(({ name }) => name === target)
      : undefined
  if (state?.link === null || state?.link === undefined) return
  await vscode.env.openExternal(vscode.Uri.parse(state.link, true))
}

/** Shows where a target is defined. */
export async function showDefinition({ open }: WindowRoot, target: string): Promise<void> {
  const uri = configurationUri(open)
  const document = await vscode.workspace.openTextDocument(uri)
  const found = outlineTargets(document.getText()).find(({ name }) => name === target)
  const at = document.positionAt(found?.offset ?? 0)
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) })
}

/** Shows the configuration: where it is broken, if it is. */
export async function openConfiguration({ open, session }: WindowRoot): Promise<void> {
  const place = brokenAt(session.link)
  const file = place === null ? null : path.resolve(open.root, place.file)
  if (place === null || file === null || !existsSync(file)) {
    await vscode.window.showTextDocument(configurationUri(open))
    return
  }
  const at = new vscode.Position(place.line, place.column)
  const uri = vscode.Uri.file(asOpened(file, open.folders))
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) })
}

/** Shows the place of a problem of the tree. */
export async function openProblem(
  roots: WorkspaceRoots,
  problems: ProblemList,
  argument: unknown,
): Promise<void> {
  const subject = subjectOf(argument)
  const root = subject === null ? undefined : roots.get(subject.root)
  if (subject?.kind !== 'problem' || root === undefined) return
  const place = problems.placeOf(root, subject.target, subject.index)
  if (place === null) return
  await vscode.window.showTextDocument(place.uri, { selection: place.range })
}
