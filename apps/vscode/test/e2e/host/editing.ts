import assert from 'node:assert/strict'

import * as vscode from 'vscode'

import { until } from '../harness/until.ts'
import { type HostTest, test } from './host-test.ts'
import { command, extension, problemsIn, rowTexts, workspace } from './window.ts'

/** The extension by itself, and the configuration as a document: no session runs. */
export const editingTests: readonly HostTest[] = [
  test('it runs on the machine of the files, and activates because of singletrack.jsonc', async () => {
    await until('the extension is active', () => extension().isActive)
    assert.equal(extension().extensionKind, vscode.ExtensionKind.Workspace)
  }),

  test('every command of its manifest is there', async () => {
    const all = await vscode.commands.getCommands(true)
    const manifest = extension().packageJSON as {
      contributes: { commands: readonly { command: string }[] }
    }
    for (const { command: name } of manifest.contributes.commands)
      assert.ok(all.includes(name), name)
  }),

  test('opening a folder runs nothing: no session, no target, an empty tree', async () => {
    await Promise.resolve()
    assert.deepEqual(rowTexts(), [])
    assert.equal(extension().exports.status(), '$(circle-outline) no session')
    assert.equal(workspace.sessionPid, null)
  }),

  test('singletrack.jsonc is JSON with comments, and a good one has no complaint', async () => {
    const document = await vscode.workspace.openTextDocument(workspace.path('singletrack.jsonc'))
    await vscode.window.showTextDocument(document)
    assert.equal(document.languageId, 'jsonc')
    assert.deepEqual(problemsIn('singletrack.jsonc'), [])
  }),

  test('an unknown key in singletrack.jsonc is marked where it stands', async () => {
    const before = workspace.read('singletrack.jsonc')
    workspace.edit('singletrack.jsonc', '"api": {', '"api": { "wacth": [],')
    await until('the unknown key is marked', () =>
      problemsIn('singletrack.jsonc').some(({ message }) => message.includes('wacth')),
    )
    workspace.write('singletrack.jsonc', before)
    await until('the mark is gone', () => problemsIn('singletrack.jsonc').length === 0)
  }),

  test('completion in singletrack.jsonc knows the settings, with their descriptions', async () => {
    const document = await vscode.workspace.openTextDocument(workspace.path('singletrack.jsonc'))
    const offset = document.getText().indexOf('"dependsOn"')
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.positionAt(offset),
    )
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label))
    for (const name of ['envFile', 'priority', 'start']) assert.ok(labels.includes(name), name)
  }),

  test('the log channel tells what the extension does', async () => {
    await command('showLog')
    await until('the log names the root', () =>
      vscode.workspace.textDocuments.some(
        (each) => each.uri.scheme === 'output' && each.getText().includes(workspace.root),
      ),
    )
  }),
]
