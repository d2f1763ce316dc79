import * as vscode from 'vscode'

import { CONFIGURATION_FILE, ignoreChanges } from '../model/configuration-outline.ts'
import { SUSPENDED_CODE } from './problem-list.ts'
import { type WorkspaceRoots, configurationUri } from './workspace-roots.ts'

/** The documents that the fixes are offered in. */
export const CONFIGURATION_SELECTOR: vscode.DocumentSelector = {
  scheme: 'file',
  pattern: `**/${CONFIGURATION_FILE}`,
}

/** Offers the line that ends a loop, where the loop is reported. */
export class IgnoreFixes implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = {
    providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
  }

  readonly #roots: WorkspaceRoots

  constructor(roots: WorkspaceRoots) {
    this.#roots = roots
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const diagnostics = context.diagnostics.filter(({ code }) => code === SUSPENDED_CODE)
    return diagnostics.flatMap((diagnostic) =>
      this.#suspendedIn(document)
        .filter((ignore) => diagnostic.message.endsWith(`"${ignore}"`))
        .flatMap((ignore) => actionFor(document, diagnostic, ignore) ?? []),
    )
  }

  #suspendedIn(document: vscode.TextDocument): readonly string[] {
    const root = this.#roots.all.find(
      ({ open }) => configurationUri(open).fsPath === document.uri.fsPath,
    )
    const state = root?.session.link.kind === 'attached' ? root.session.link.state : null
    return (state?.targets ?? []).flatMap(({ suspended }) => suspended.map(({ ignore }) => ignore))
  }
}

function actionFor(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  ignore: string,
): vscode.CodeAction | null {
  const edit = ignoreEdit(document, ignore)
  if (edit === null) return null
  const action = new vscode.CodeAction(
    `Add "${ignore}" to "ignore"`,
    vscode.CodeActionKind.QuickFix,
  )
  action.diagnostics = [diagnostic]
  action.isPreferred = true
  action.edit = edit
  return action
}

/** The edit that ignores a pattern; `null` when it is ignored already. */
export function ignoreEdit(
  document: vscode.TextDocument,
  ignore: string,
): vscode.WorkspaceEdit | null {
  const changes = ignoreChanges(document.getText(), ignore)
  if (changes === null) return null
  const edit = new vscode.WorkspaceEdit()
  for (const { offset, length, text } of changes) {
    const range = new vscode.Range(
      document.positionAt(offset),
      document.positionAt(offset + length),
    )
    edit.replace(document.uri, range, text)
  }
  return edit
}
