import * as vscode from 'vscode'

import { ignoreEdit } from '../quick-fixes.ts'
import { type WindowRoot, type WorkspaceRoots, configurationUri } from '../workspace-roots.ts'
import { subjectOf } from './pick.ts'

/** What a new configuration says, until its reader knows better. */
const NEW_CONFIGURATION = `{
  // What is built and run here. Completion (Ctrl+Space) knows every setting.
  "targets": {
    "api": {
      "watch": ["src/**"],
      "run": { "command": ["node", "server.js"] }
    }
  }
}
`

/** Creates a configuration and shows it, with the name of its target selected. */
export async function createConfiguration({ open }: WindowRoot): Promise<void> {
  const uri = configurationUri(open)
  const edit = new vscode.WorkspaceEdit()
  edit.createFile(uri, {
    ignoreIfExists: true,
    contents: new TextEncoder().encode(NEW_CONFIGURATION),
  })
  await vscode.workspace.applyEdit(edit)
  const document = await vscode.workspace.openTextDocument(uri)
  const text = document.getText()
  const at = document.positionAt(Math.max(0, text.indexOf('"api"') + 1))
  await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(at, at.translate(0, 3)),
  })
}

/** Adds the line that ends a loop to the configuration. */
export async function ignorePath(roots: WorkspaceRoots, argument: unknown): Promise<void> {
  const subject = subjectOf(argument) ?? argument
  if (typeof subject !== 'object' || subject === null) return
  if (!('ignore' in subject) || !('root' in subject)) return
  const { ignore, root } = subject
  if (typeof ignore !== 'string' || typeof root !== 'string') return
  const open = roots.get(root)?.open
  if (open === undefined) return
  const document = await vscode.workspace.openTextDocument(configurationUri(open))
  const edit = ignoreEdit(document, ignore)
  if (edit === null) {
    void vscode.window.showInformationMessage(`"${ignore}" is ignored already.`)
    return
  }
  await vscode.workspace.applyEdit(edit)
  await document.save()
}
