import assert from 'node:assert/strict'

import type { EditorWindow } from './harness/editor-window.ts'
import { Editor } from './harness/editor.ts'
import { commandLine, extensionHosts, isAlive } from './harness/processes.ts'
import { Relay } from './harness/relay.ts'
import type { Report } from './harness/report.ts'
import { until } from './harness/until.ts'
import { Workspace } from './harness/workspace.ts'
import type { Surroundings } from './surroundings.ts'

/** Short enough to be waited for. */
const SHORT_LINGER = { 'singletrack.lingerSeconds': 2 }

const SOURCE = 'services/api/main.mjs'

/**
 * What becomes of sessions and their processes when windows, servers and networks come and go:
 * nothing is orphaned, and nothing that belongs to somebody else is robbed.
 */
export async function lifeSuite(surroundings: Surroundings, report: Report): Promise<void> {
  await untilTheServerEnds(surroundings, report)
  await whenTheNetworkIsLost(surroundings, report)
}

async function untilTheServerEnds(surroundings: Surroundings, report: Report): Promise<void> {
  await using workspace = Workspace.create('shop')
  await using editor = await Editor.start(surroundings, { trusted: true, settings: SHORT_LINGER })
  await using relay = await Relay.start(editor.server.port)
  const test = tester(editor, report)
  const far = await editor.window({ folder: workspace.root }, relay.port)
  await startSession(far)

  await test('a window whose network is lost finds the session as it is by then', async () => {
    const session = workspace.sessionPid
    relay.cut()
    workspace.edit(SOURCE, '// The', '// BROKEN The')
    const meanwhile = await workspace.run('wait', '--settled').ended
    assert.match(meanwhile.output, /BROKEN is not defined/)
    relay.mend()
    // It connects again by itself, some seconds later.
    await far.row(/api.*build failed/).waitFor()
    assert.equal(workspace.sessionPid, session)
    workspace.edit(SOURCE, '// BROKEN The', '// The')
    await far.row(/api.*ready/).waitFor()
  })

  const near = await editor.window({ folder: workspace.root })
  await near.showTree()

  await test('two windows that start a session at the same moment get one', async () => {
    await near.row(/api.*ready/).waitFor()
    await near.run('Singletrack: Stop Session')
    const buttons = [near, far].map(({ welcome }) => welcome.getByText('Start Session'))
    await Promise.all(buttons.map(async (button) => button.waitFor()))
    // Not a click, which would wait until the button stands still: by then a session may be there.
    await Promise.all(buttons.map(async (button) => button.dispatchEvent('click')))
    await Promise.all([near, far].map(async (each) => each.row(/web.*ready/).waitFor()))
    await until('one session host is left', () => sessionHosts(workspace).length === 1)
  })

  await test('a window that is cut off leaves its session to the others, which can end it', async () => {
    const session = workspace.sessionPid
    relay.cut()
    await near.press('api', 'Stop Target')
    await near.row(/api.*stopped/).waitFor()
    assert.equal(workspace.sessionPid, session)
    await near.run('Singletrack: Stop Session')
    await workspace.untilDeserted()
  })

  await test('a server that is asked to end leaves no process behind', async () => {
    await startSession(near)
    const hosts = extensionHosts(editor.server.pid)
    process.kill(editor.server.pid, 'SIGTERM')
    await until('its extension hosts have gone', () => !hosts.some(isAlive))
    await workspace.untilDeserted()
    assert.equal(workspace.sessionPid, null)
  })
}

async function whenTheNetworkIsLost(surroundings: Surroundings, report: Report): Promise<void> {
  const title =
    'a window that never comes back takes its session along, once the server gives it up'
  if (!surroundings.edition.hasGraceTime) {
    report.add({ title: `life: ${title}: waits three hours here`, ms: 0, status: 'skipped' })
    return
  }
  await using workspace = Workspace.create('shop')
  await using editor = await Editor.start(surroundings, {
    trusted: true,
    settings: SHORT_LINGER,
    graceSeconds: 5,
  })
  await using relay = await Relay.start(editor.server.port)
  await tester(editor, report)(title, async () => {
    await startSession(await editor.window({ folder: workspace.root }, relay.port))
    const hosts = extensionHosts(editor.server.pid)
    relay.cut()
    await until('its extension host has gone', () => !hosts.some(isAlive))
    await workspace.untilDeserted()
    assert.equal(workspace.sessionPid, null)
  })
}

function tester(editor: Editor, report: Report) {
  return async (title: string, run: () => Promise<void>): Promise<void> => {
    const passed = await report.test(`life: ${title}`, run)
    if (!passed) await editor.pictureOfFailure(title.replaceAll(/\W+/g, '-').slice(0, 60))
  }
}

/** Starts a session in a window, the way people do. */
async function startSession(window: EditorWindow): Promise<void> {
  await window.showTree()
  await window.welcome.getByText('Start Session').click()
  await window.row(/api.*ready/).waitFor()
  await window.row(/web.*ready/).waitFor()
}

const sessionHosts = (workspace: Workspace): readonly number[] =>
  workspace.processes().filter((pid) => commandLine(pid).includes('session-host.js'))
