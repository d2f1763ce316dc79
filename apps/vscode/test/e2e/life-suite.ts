import assert from 'node:assert/strict'

import type { EditorWindow } from './harness/editor-window.ts'
import { Editor } from './harness/editor.ts'
import { commandLine, extensionHosts, isAlive } from './harness/processes.ts'
import { Relay } from './harness/relay.ts'
import type { Report } from './harness/report.ts'
import { until } from './harness/until.ts'
import { Workspace } from './harness/workspace.ts'
import type { Surroundings } from './surroundings.ts'

/** Longer than anything below takes on the busiest machine. */
const LONG_LINGER = { 'singletrack.lingerSeconds': 300 }
/** Short enough to be waited for. */
const SHORT_LINGER = { 'singletrack.lingerSeconds': 2 }

const SOURCE = 'services/api/main.mjs'

/**
 * What becomes of sessions and their processes when windows, extension hosts, servers and networks
 * come and go: nothing is orphaned, and nothing that belongs to somebody else is robbed.
 */
export async function lifeSuite(surroundings: Surroundings, report: Report): Promise<void> {
  await whileTheServerLives(surroundings, report)
  await whenTheServerEnds(surroundings, report, 'SIGTERM')
  await whenTheServerEnds(surroundings, report, 'SIGKILL')
  await whenTheNetworkIsLost(surroundings, report)
}

async function whileTheServerLives(surroundings: Surroundings, report: Report): Promise<void> {
  await using workspace = Workspace.create('shop')
  await using editor = await Editor.start(surroundings, { trusted: true, settings: LONG_LINGER })
  const test = tester(editor, report)
  let window = await editor.window({ folder: workspace.root })
  await startSession(window)

  await test('a window that is reloaded attaches to the same session and the same processes', async () => {
    const before = lifeOf(workspace)
    await window.page.reload()
    await window.showTree()
    await window.row(/api.*ready/).waitFor()
    assert.deepEqual(lifeOf(workspace), before)
  })

  await test('two windows on one folder share the session; it outlives the first that is closed', async () => {
    const { session } = lifeOf(workspace)
    const second = await editor.window({ folder: workspace.root })
    await second.showTree()
    await second.row(/api.*ready/).waitFor()
    await second.press('api', 'Stop Target')
    await window.row(/api.*stopped/).waitFor()
    await window.press('api', 'Start Target')
    await second.row(/api.*ready/).waitFor()
    assert.equal(workspace.sessionPid, session)
    await close(editor, window)
    window = second
    await second.row(/web.*ready/).waitFor()
    assert.equal(workspace.sessionPid, session)
  })

  await test('two windows that start a session at the same moment get one', async () => {
    await window.run('Singletrack: Stop Session')
    const other = await editor.window({ folder: workspace.root })
    await other.showTree()
    const buttons = [window, other].map(({ welcome }) => welcome.getByText('Start Session'))
    await Promise.all(buttons.map(async (button) => button.waitFor()))
    // Not a click, which would wait until the button stands still: by then a session may be there.
    await Promise.all(buttons.map(async (button) => button.dispatchEvent('click')))
    await Promise.all([window, other].map(async (each) => each.row(/web.*ready/).waitFor()))
    await until('one session host is left', () => sessionHosts(workspace).length === 1)
    await close(editor, other)
    await window.run('Singletrack: Stop Session')
    await workspace.untilDeserted()
    await close(editor, window)
  })

  await test('a session of the editor ends with its last window, in the middle of a build, and leaves no process', async () => {
    editor.configure(SHORT_LINGER)
    const last = await editor.window({ folder: workspace.root })
    await startSession(last)
    workspace.edit(SOURCE, '// The', '// build takes 600000 ms\n// The')
    await last.row(/api.*building/).waitFor()
    await close(editor, last)
    await workspace.untilDeserted()
    assert.equal(workspace.sessionPid, null)
    workspace.edit(SOURCE, '// build takes 600000 ms\n', '')
    // No lock is left behind either.
    const { code, output } = await workspace.run('build', 'api').ended
    assert.equal(code, 0, output)
  })

  await test('a session of a terminal is shown in a new window and loses nothing when it is closed', async () => {
    await using terminal = workspace.run('watch')
    await until('the terminal is ready', () => /web .*ready/.test(terminal.output))
    const before = lifeOf(workspace)
    const third = await editor.window({ folder: workspace.root })
    await third.showTree()
    await third.row(/api.*ready/).waitFor()
    await close(editor, third)
    assert.deepEqual(lifeOf(workspace), before)
  })

  await using relay = await Relay.start(editor.server.port)
  editor.configure(LONG_LINGER)
  const far = await editor.window({ folder: workspace.root }, relay.port)
  await startSession(far)

  await test('a window whose network is lost finds the session as it is by then', async () => {
    const { session } = lifeOf(workspace)
    relay.cut()
    await far.page.getByText('Reconnect Now').first().waitFor()
    workspace.edit(SOURCE, '// The', '// BROKEN The')
    const meanwhile = await workspace.run('wait', '--settled').ended
    assert.match(meanwhile.output, /BROKEN is not defined/)
    relay.mend()
    // It would do so by itself, after a while.
    await far.page.getByText('Reconnect Now').first().click()
    await far.row(/api.*build failed/).waitFor()
    assert.equal(workspace.sessionPid, session)
    workspace.edit(SOURCE, '// BROKEN The', '// The')
    await far.row(/api.*ready/).waitFor()
  })

  // The last one here: the editor may keep the successor of a killed extension host, which it starts
  // by itself, for as long as it keeps that of a lost window.
  await test('an extension host that is killed takes no session along, and the next one attaches', async () => {
    const before = lifeOf(workspace)
    await killExtensionHosts(editor)
    assert.deepEqual(lifeOf(workspace), before)
    await far.page.reload()
    await far.showTree()
    await far.row(/api.*ready/).waitFor()
    assert.deepEqual(lifeOf(workspace), before)
  })
}

async function whenTheServerEnds(
  surroundings: Surroundings,
  report: Report,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<void> {
  await using workspace = Workspace.create('shop')
  await using editor = await Editor.start(surroundings, { trusted: true, settings: SHORT_LINGER })
  await tester(editor, report)(
    `a server that gets ${signal} leaves no process behind`,
    async () => {
      await startSession(await editor.window({ folder: workspace.root }))
      const hosts = extensionHosts(editor.server.pid)
      process.kill(signal === 'SIGKILL' ? -editor.server.pid : editor.server.pid, signal)
      await until('its extension hosts have gone', () => !hosts.some(isAlive))
      await workspace.untilDeserted()
      assert.equal(workspace.sessionPid, null)
    },
  )
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

/** Closes a window and waits until as many extension hosts are left as there are windows. */
async function close(editor: Editor, window: EditorWindow): Promise<void> {
  await window.page.close()
  const windows = editor.browser.windows
  await until(
    () => `${windows} extension hosts are left of ${extensionHosts(editor.server.pid).length}`,
    () => extensionHosts(editor.server.pid).length === windows,
  )
}

/** As a crash does it: without a word to anybody. */
async function killExtensionHosts(editor: Editor): Promise<void> {
  const hosts = extensionHosts(editor.server.pid)
  assert.ok(hosts.length > 0, 'there is an extension host')
  for (const pid of hosts) process.kill(pid, 'SIGKILL')
  await until('the extension host is gone', () => !hosts.some(isAlive))
}

/** The session of a workspace and the processes of its targets, by their pids. */
function lifeOf(workspace: Workspace): {
  readonly session: number | null
  readonly targets: readonly number[]
} {
  const targets = workspace.processes().filter((pid) => commandLine(pid).includes('dist/'))
  return { session: workspace.sessionPid, targets }
}

const sessionHosts = (workspace: Workspace): readonly number[] =>
  workspace.processes().filter((pid) => commandLine(pid).includes('session-host.js'))
