import assert from 'node:assert/strict'

import * as vscode from 'vscode'

import { tooltipLines } from '../../../src/model/tooltip.ts'
import { until } from '../harness/until.ts'
import type { Terminal } from '../harness/workspace.ts'
import { type HostTest, test } from './host-test.ts'
import { exitCodeOf, task } from './running-tasks.ts'
import {
  command,
  extension,
  pidOf,
  problemsIn,
  root,
  row,
  rowTexts,
  target,
  untilLink,
  untilPhase,
  watchInTerminal,
  workspace,
} from './window.ts'

const SOURCE = 'services/api/main.mjs'
let terminal: Terminal | null = null

/** Builds, their failures and who waits for whom. */
export const buildingTests: readonly HostTest[] = [
  test('the problem of a failed build is at its place, once, while the old run serves', async () => {
    terminal = await watchInTerminal()
    const pid = pidOf('api')
    workspace.edit(SOURCE, 'see services', 'BROKEN see services')
    await untilPhase('api', 'build-failed')
    await until('the problem is listed', () => problemsIn(SOURCE).length > 0)
    const [problem, ...others] = problemsIn(SOURCE)
    assert.deepEqual(others, [])
    assert.equal(problem?.message, 'BROKEN is not defined')
    assert.equal(problem.severity, vscode.DiagnosticSeverity.Error)
    assert.deepEqual([problem.range.start.line, problem.range.start.character], [2, 13])
    assert.equal(pidOf('api'), pid)
    assert.match(row('api').description, /the last good one serves/)
    assert.equal(extension().exports.status(), '$(error) api failed')
  }),

  test('a problem in the tree leads to its place', async () => {
    const [problem] = row('api').children
    assert.equal(problem?.text, 'BROKEN is not defined')
    await command('openProblem', problem)
    const editor = vscode.window.activeTextEditor
    assert.equal(editor?.document.uri.fsPath, workspace.path(SOURCE))
    assert.equal(editor.selection.active.line, 2)
  }),

  test('a build task returns the real outcome: a failure is a failure', async () => {
    assert.equal(await exitCodeOf(await task('build api')), 1)
    assert.equal(problemsIn(SOURCE).length, 1)
  }),

  test('a problem that is mended is gone', async () => {
    workspace.edit(SOURCE, 'BROKEN ', '')
    await untilPhase('api', 'ready')
    await until('the list is empty', () => problemsIn(SOURCE).length === 0)
  }),

  test('a build task succeeds', async () => {
    assert.equal(await exitCodeOf(await task('build api')), 0)
  }),

  test('watch is offered as a background task, and a build of every target', async () => {
    const all = await vscode.tasks.fetchTasks({ type: 'singletrack' })
    assert.deepEqual(
      all.map(({ isBackground, name }) => [name, isBackground]),
      [
        ['watch', true],
        ['build', false],
        ['build shared', false],
        ['build api', false],
        ['build web', false],
        ['build console', false],
      ],
    )
  }),

  test('a build says who builds it, and a build of another target what it waits for', async () => {
    workspace.edit(SOURCE, '// The', '// build takes 2000 ms\n// The')
    await untilPhase('api', 'building')
    assert.match(row('api').description, /^building \(.+, pid \d+\), \d+ s/)
    const built = command('buildTarget', row('web'))
    await until('web waits', () =>
      /\bdist\b.*\bapi\b|\bapi\b.*\bdist\b/.test(row('web').description),
    )
    await built
    await untilPhase('api', 'ready')
  }),

  test('a build that the editor has started makes the terminal wait and return its real outcome', async () => {
    workspace.edit(SOURCE, 'see services', 'BROKEN see services')
    await untilPhase('api', 'building')
    const { code, output } = await workspace.run('build', 'api').ended
    assert.equal(code, 1, output)
    workspace.edit(SOURCE, 'BROKEN ', '')
    workspace.edit(SOURCE, '// build takes 2000 ms\n', '')
    await untilPhase('api', 'ready')
  }),

  test('a row tells why its target was built last', async () => {
    const api = target('api')
    assert.ok(api)
    assert.match(
      tooltipLines(api, root().history).join('\n'),
      /Because\n.*changed: services\/api\/main\.mjs/s,
    )
  }),

  test('a build in a terminal without a session is shown with its pid', async () => {
    await terminal?.[Symbol.asyncDispose]()
    await untilLink('none')
    workspace.edit(SOURCE, '// The', '// build takes 3000 ms\n// The')
    const build = workspace.run('build', 'api')
    await until('the tree shows the build', () =>
      rowTexts().some(
        (text) => text.includes(`pid ${build.pid}`) && text.startsWith('dist: building'),
      ),
    )
    const { code, output } = await build.ended
    assert.equal(code, 0, output)
    await until('the tree is empty again', () => rowTexts().length === 0)
    workspace.edit(SOURCE, '// build takes 3000 ms\n', '')
  }),
]
