import assert from 'node:assert/strict'

import type { TargetState } from '@singletrack/orchestrator'
import * as vscode from 'vscode'

import type { SingletrackApi } from '../../../src/extension.ts'
import type { TreeRow } from '../../../src/model/tree-row.ts'
import { until } from '../harness/until.ts'
import { type Terminal, Workspace } from '../harness/workspace.ts'

export const EXTENSION_ID = 'singletrack.singletrack-vscode'

/** The workspace that the window is open on. */
export const workspace: Workspace = Workspace.at(
  vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '',
)

export function extension(): vscode.Extension<SingletrackApi> {
  const found = vscode.extensions.getExtension<SingletrackApi>(EXTENSION_ID)
  assert.ok(found)
  return found
}

/** The only root of the window. */
export function root(): ReturnType<SingletrackApi['roots']>[number] {
  const [only] = extension().exports.roots()
  assert.ok(only)
  return only
}

/** A target as the session tells of it; `undefined` while there is no session. */
export function target(name: string): TargetState | undefined {
  const { link } = root()
  return link.kind === 'attached'
    ? link.state.targets.find((each) => each.name === name)
    : undefined
}

/** The row of a target in the tree. */
export function row(name: string): TreeRow {
  const found = extension()
    .exports.rows()
    .find(({ text }) => text === name)
  assert.ok(found, `no row ${name} among ${rowTexts().join(', ')}`)
  return found
}

export const rowTexts = (): readonly string[] =>
  extension()
    .exports.rows()
    .map(({ description, text }) => `${text}: ${description}`)

export const pidOf = (name: string): number | null => {
  const run = target(name)?.run
  return run?.kind === 'ready' ? run.pid : null
}

export const untilPhase = async (name: string, phase: TargetState['phase']): Promise<void> =>
  until(`${name} is ${phase}`, () => target(name)?.phase === phase)

export const untilLink = async (kind: ReturnType<typeof root>['link']['kind']): Promise<void> =>
  until(`the link is ${kind}`, () => root().link.kind === kind)

/** Runs a session in a terminal and waits until the window shows it with everything ready. */
export async function watchInTerminal(): Promise<Terminal> {
  const terminal = workspace.run('watch')
  await untilLink('attached')
  await untilPhase('api', 'ready')
  await untilPhase('web', 'ready')
  return terminal
}

/** Calls a command of the extension. */
export const command = async (name: string, ...parameters: readonly unknown[]): Promise<unknown> =>
  vscode.commands.executeCommand(`singletrack.${name}`, ...parameters)

/** The problems that the editor lists for a file of the workspace. */
export const problemsIn = (file: string): readonly vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(vscode.Uri.file(workspace.path(file)))

/** The text of an output channel that is shown. */
export const outputText = (containing: string): string =>
  vscode.workspace.textDocuments
    .filter(({ uri }) => uri.scheme === 'output')
    .map((document) => document.getText())
    .find((text) => text.includes(containing)) ?? ''
