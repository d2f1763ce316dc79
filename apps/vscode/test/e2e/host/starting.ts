import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import path from 'node:path'

import * as vscode from 'vscode'

import { isAlive } from '../harness/processes.ts'
import { until } from '../harness/until.ts'
import { type HostTest, test } from './host-test.ts'
import {
  command,
  extension,
  pidOf,
  root,
  row,
  target,
  untilLink,
  untilPhase,
  workspace,
} from './window.ts'

const ORCHESTRATOR = path.resolve(import.meta.dirname, '../../../../../packages/orchestrator')

/** Runs with a setting of the workspace, and takes it back. */
async function withSetting(name: string, value: unknown, run: () => Promise<void>): Promise<void> {
  const set = async (to: unknown): Promise<void> =>
    vscode.workspace
      .getConfiguration('singletrack')
      .update(name, to, vscode.ConfigurationTarget.Workspace)
  await set(value)
  try {
    await run()
  } finally {
    await set(undefined)
  }
}

/** Sessions that the editor starts. */
export const startingTests: readonly HostTest[] = [
  test('a broken configuration starts nothing and says where it is broken', async () => {
    await untilLink('none')
    const before = workspace.read('singletrack.jsonc')
    workspace.edit('singletrack.jsonc', '"targets": {', '"targetz": {')
    try {
      await command('startSession')
      await untilLink('failed')
    } finally {
      workspace.write('singletrack.jsonc', before)
    }
    const { link } = root()
    assert.match(link.kind === 'failed' ? link.problem : '', /singletrack\.jsonc.*targetz/s)
    assert.equal(workspace.sessionPid, null)
  }),

  test('Start runs a session in a process of its own, not on the thread of the extensions', async () => {
    await command('startSession')
    await untilPhase('api', 'ready')
    const { link } = root()
    const pid = link.kind === 'attached' ? link.hello.pid : process.pid
    assert.notEqual(pid, process.pid)
    assert.match(readFileSync(`/proc/${pid}/cmdline`, 'utf8'), /session-host\.js/)
  }),

  test('what the editor sets for itself does not reach the targets', async () => {
    await until('api runs', () => pidOf('api') !== null)
    const environment = readFileSync(`/proc/${pidOf('api')}/environ`, 'utf8')
    assert.doesNotMatch(environment, /VSCODE_|ELECTRON_RUN_AS_NODE/)
  }),

  test('a session of the editor follows changes of singletrack.jsonc', async () => {
    const before = workspace.read('singletrack.jsonc')
    workspace.edit(
      'singletrack.jsonc',
      '"shared": {',
      '"late": { "watch": ["late/**"] }, "shared": {',
    )
    await until('the new target is there', () => target('late') !== undefined)
    workspace.write('singletrack.jsonc', before)
    await until('it is gone again', () => target('late') === undefined)
  }),

  test('Start again does nothing, and a watch in a terminal says who watches and exits 3', async () => {
    const { sessionPid } = workspace
    await command('startSession')
    const { code, output } = await workspace.run('watch').ended
    assert.equal(code, 3, output)
    assert.match(output, new RegExp(`pid ${sessionPid}`))
    assert.equal(workspace.sessionPid, sessionPid)
  }),

  test('a build in a terminal is a build of the session that the editor has started', async () => {
    const { code, output } = await workspace.run('build', 'web').ended
    assert.equal(code, 0, output)
  }),

  test('ending the session leaves no process of it', async () => {
    const pids = [pidOf('api'), pidOf('web'), workspace.sessionPid]
    await command('stopSession')
    await untilLink('none')
    await until('all have ended', () => pids.every((pid) => pid === null || !isAlive(pid)))
    assert.deepEqual(extension().exports.rows(), [])
  }),

  test('a workspace that asks for its own singletrack and has none is told so', async () => {
    await withSetting('session', 'workspace', async () => {
      await command('startSession')
      await untilLink('failed')
    })
    const { link } = root()
    assert.match(link.kind === 'failed' ? link.problem : '', /has no "singletrack" installed/)
    assert.equal(workspace.sessionPid, null)
  }),

  test('a workspace that asks for its own singletrack gets a session of that', async () => {
    const packages = { singletrack: '9.9.9' }
    mkdirSync(workspace.path('node_modules/singletrack'), { recursive: true })
    mkdirSync(workspace.path('node_modules/@singletrack'), { recursive: true })
    workspace.write(
      'node_modules/singletrack/package.json',
      JSON.stringify({ name: 'singletrack', version: packages.singletrack }),
    )
    symlinkSync(ORCHESTRATOR, workspace.path('node_modules/@singletrack/orchestrator'))
    await withSetting('session', 'workspace', async () => {
      await command('startSession')
      await untilPhase('api', 'ready')
    })
    const { link } = root()
    assert.equal(link.kind === 'attached' && link.hello.version, packages.singletrack)
    await command('stopSession')
    await untilLink('none')
    await workspace.untilDeserted()
  }),

  test('a session that is killed takes its targets along, and the next one starts', async () => {
    await command('startSession')
    await untilPhase('api', 'ready')
    const { sessionPid } = workspace
    assert.ok(sessionPid !== null)
    process.kill(sessionPid, 'SIGKILL')
    await workspace.untilDeserted()
    // It did not start, as far as the editor can tell: it was ended by a signal.
    await until('it is noticed', () => ['none', 'failed'].includes(root().link.kind))
    await command('startSession')
    await untilPhase('api', 'ready')
    assert.notEqual(workspace.sessionPid, sessionPid)
    await command('stopSession')
    await untilLink('none')
  }),

  test('two starts at the same moment lead to one session', async () => {
    await Promise.all([command('startSession'), command('startSession')])
    await untilPhase('api', 'ready')
    const hosts = workspace
      .processes()
      .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('session-host.js'))
    assert.equal(hosts.length, 1)
    assert.ok(row('api').text)
    await command('stopSession')
    await untilLink('none')
  }),
]
