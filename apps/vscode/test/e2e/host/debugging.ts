import assert from 'node:assert/strict'
import { existsSync, rmSync } from 'node:fs'

import * as vscode from 'vscode'

import { until } from '../harness/until.ts'
import { type HostTest, test } from './host-test.ts'
import { command, pidOf, row, untilPhase, watchInTerminal, workspace } from './window.ts'

/** Debuggers: of running targets, and of targets that a debugger starts. */
export const debuggingTests: readonly HostTest[] = [
  test('a launch configuration of an external target gets the variables of the session', async () => {
    await using terminal = await watchInTerminal()
    assert.ok(terminal.pid > 0)
    workspace.write(
      'console.mjs',
      "import { writeFileSync } from 'node:fs'\nwriteFileSync('region.txt', process.env.REGION ?? 'none')\n",
    )
    await vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.[0], {
      type: 'node',
      request: 'launch',
      name: 'console',
      program: workspace.path('console.mjs'),
      singletrackTarget: 'console',
    })
    await until(
      'the program has written all',
      () => existsSync(workspace.path('region.txt')) && workspace.read('region.txt') !== '',
    )
    assert.equal(workspace.read('region.txt'), 'eu-north')
    rmSync(workspace.path('region.txt'))
    await vscode.debug.stopDebugging()
  }),

  test('a debugger attaches to a running target and follows it through a restart', async () => {
    const before = workspace.read('singletrack.jsonc')
    workspace.edit('singletrack.jsonc', '"ready": {', '"debug": true, "ready": {')
    await using terminal = await watchInTerminal()
    assert.ok(terminal.pid > 0)
    const attached: unknown[] = []
    const listener = vscode.debug.onDidStartDebugSession(({ configuration }) => {
      if (configuration['singletrackRun'] !== undefined) attached.push(configuration)
    })
    await command('debugTarget', row('api'))
    await until('the debugger is attached', () => attached.length > 0)
    const pid = pidOf('api')
    const first = attached.length
    await command('restartTarget', row('api'))
    await until('api has another process', () => pidOf('api') !== null && pidOf('api') !== pid)
    await until('the debugger is attached again', () => attached.length > first)
    await untilPhase('api', 'ready')
    listener.dispose()
    await vscode.debug.stopDebugging()
    workspace.write('singletrack.jsonc', before)
  }),
]
