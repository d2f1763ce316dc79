import assert from 'node:assert/strict'

import * as vscode from 'vscode'

import { isAlive } from '../harness/processes.ts'
import { until } from '../harness/until.ts'
import type { Terminal } from '../harness/workspace.ts'
import { type HostTest, test } from './host-test.ts'
import {
  command,
  extension,
  outputText,
  pidOf,
  root,
  row,
  target,
  untilLink,
  untilPhase,
  watchInTerminal,
  workspace,
} from './window.ts'

let terminal: Terminal | null = null

/** A session that runs in a terminal, seen and driven from the window. */
export const attachingTests: readonly HostTest[] = [
  test('a session in a terminal shows up with every target, and is the same session', async () => {
    terminal = await watchInTerminal()
    const { link } = root()
    assert.equal(link.kind === 'attached' && link.hello.pid, terminal.pid)
    assert.deepEqual(
      extension()
        .exports.rows()
        .map(({ text }) => text),
      ['shared', 'api', 'web', 'console'],
    )
    await until('the status bar says so', () => extension().exports.status() === '$(check) 2 ready')
  }),

  test('a target that is stopped in the editor is gone, and says so', async () => {
    const pid = pidOf('api')
    await command('stopTarget', row('api'))
    await untilPhase('api', 'stopped')
    assert.ok(pid !== null && !isAlive(pid))
    assert.match(row('api').context, /\bstart\b/)
    assert.doesNotMatch(row('api').context, /\bstop\b/)
  }),

  test('a target that is started in the editor runs in the session of the terminal', async () => {
    await command('startTarget', row('api'))
    await untilPhase('api', 'ready')
    const pid = pidOf('api')
    assert.ok(pid !== null && isAlive(pid))
  }),

  test('a restart replaces the process', async () => {
    const pid = pidOf('web')
    await command('restartTarget', row('web'))
    await until('web has another process', () => pidOf('web') !== null && pidOf('web') !== pid)
    assert.ok(pid !== null && !isAlive(pid))
  }),

  test('commands take the name of a target, as keybindings pass it', async () => {
    const pid = pidOf('web')
    await command('restartTarget', 'web')
    await until('web has another process', () => pidOf('web') !== null && pidOf('web') !== pid)
  }),

  test('a pause and a resume are shown wherever they come from', async () => {
    await command('pause')
    await until('it is paused', () => {
      const { link } = root()
      return link.kind === 'attached' && link.state.paused
    })
    await command('resume')
    await until('it goes on', () => {
      const { link } = root()
      return link.kind === 'attached' && !link.state.paused
    })
  }),

  test('the output of a target has its past and goes on', async () => {
    await command('showOutput', row('api'))
    await until('the past is there', () => outputText('api is listening') !== '')
    const pid = pidOf('api')
    await command('restartTarget', row('api'))
    await until('api has another process', () => pidOf('api') !== null && pidOf('api') !== pid)
    await until('the new process speaks', () =>
      outputText('api is listening').includes(`pid ${pidOf('api')}`),
    )
  }),

  test('a place that the output names is a link to it', async () => {
    const document = vscode.workspace.textDocuments.find(
      ({ languageId }) => languageId === 'singletrack-output',
    )
    assert.ok(document)
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      document.uri,
      100,
    )
    const targets = links.map(({ target: uri }) => uri?.toString(true))
    const place = vscode.Uri.file(workspace.path('services/api/main.mjs')).with({
      fragment: 'L2,1',
    })
    assert.ok(targets.includes(place.toString(true)), targets.join('\n'))
  }),

  test('the definition of a target is shown in singletrack.jsonc', async () => {
    await command('showDefinition', row('web'))
    const editor = vscode.window.activeTextEditor
    assert.equal(editor?.document.uri.fsPath, workspace.path('singletrack.jsonc'))
    assert.match(editor.document.lineAt(editor.selection.active.line).text, /"web"/)
  }),

  test('a session that is killed is seen as gone, and its targets are ended', async () => {
    const pid = pidOf('api')
    terminal?.signal('SIGKILL')
    await untilLink('none')
    await until('the watchdog has ended its targets', () => pid !== null && !isAlive(pid))
    assert.equal(target('api'), undefined)
    terminal = await watchInTerminal()
  }),

  test('a session that is ended in the editor ends in the terminal, with nothing left', async () => {
    assert.ok(terminal)
    await command('stopSession')
    const { output } = await terminal.ended
    assert.match(output, /0 left/)
    await untilLink('none')
    assert.deepEqual(extension().exports.rows(), [])
  }),
]
