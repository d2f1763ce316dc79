import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'

import * as vscode from 'vscode'

import { until } from '../harness/until.ts'
import { type HostTest, test } from './host-test.ts'
import { problemsIn, row, target, untilLink, watchInTerminal, workspace } from './window.ts'

const FILE = 'singletrack.jsonc'

/** A target whose builds write what it watches, and something new each time. */
const LOOPER = `"looper": {
      "watch": ["generated/**"],
      "build": { "command": ["node", "-e", "require('fs').writeFileSync('generated/stamp.txt', String(Date.now()))"] },
    },
    `

/** A build that triggers itself: caught by the session, mended in the editor. */
export const loopingTests: readonly HostTest[] = [
  test('a caught loop is reported where its target is defined, and a quick fix ignores the path', async () => {
    await untilLink('none')
    const before = workspace.read(FILE)
    mkdirSync(workspace.path('generated'), { recursive: true })
    workspace.write('generated/stamp.txt', '0')
    workspace.edit(FILE, '"shared": {', `${LOOPER}"shared": {`)
    const document = await vscode.workspace.openTextDocument(workspace.path(FILE))
    await vscode.window.showTextDocument(document)
    try {
      await using terminal = await watchInTerminal()
      assert.ok(terminal.pid > 0)
      await until('the loop is caught', () => (target('looper')?.suspended.length ?? 0) > 0)
      await until('it is reported', () => problemsIn(FILE).length > 0)
      const [problem] = problemsIn(FILE)
      assert.ok(problem)
      assert.match(problem.message, /^Builds of looper write generated\/stamp\.txt/)
      assert.equal(document.getText(problem.range), '"looper"')
      assert.ok(row('looper').children.some(({ text }) => text === 'generated/stamp.txt'))
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        problem.range,
      )
      const fix = actions.find(({ title }) => title.startsWith('Add "'))
      assert.ok(fix?.edit, actions.map(({ title }) => title).join('\n'))
      await vscode.workspace.applyEdit(fix.edit)
      await document.save()
      assert.match(workspace.read(FILE), /"ignore": \[\s*"[^"]*generated\/stamp\.txt"/)
    } finally {
      workspace.write(FILE, before)
    }
  }),
]
