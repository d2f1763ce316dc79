import assert from 'node:assert/strict'
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'

import { CARGO_LOCK, CheckOfRustAnalyzer } from './harness/cargo-lock.ts'
import type { EditorWindow } from './harness/editor-window.ts'
import { Editor } from './harness/editor.ts'
import { commandLine, extensionHosts, isAlive } from './harness/processes.ts'
import type { Report } from './harness/report.ts'
import { until } from './harness/until.ts'
import { Workspace } from './harness/workspace.ts'
import type { Surroundings } from './surroundings.ts'

const CONFIGURATION = 'singletrack.jsonc'
const SOURCE = 'services/api/main.mjs'
const RUST_ANALYZER = path.resolve(import.meta.dirname, 'fixtures/rust-analyzer')

/** A target that builds as cargo does: it waits for the lock of the build directory, and says so. */
const CRATE = `"crate": {
      "watch": ["crate/**"],
      "build": { "command": ["sh", "-c", "echo '    Blocking waiting for file lock on build directory' && flock ${CARGO_LOCK} true && echo '   Compiling crate v0.1.0'"] },
    },
    `

/** Longer than a reload takes on the busiest machine. */
const LONG_LINGER = { 'singletrack.lingerSeconds': 300 }
/** Short enough to be waited for. */
const SHORT_LINGER = { 'singletrack.lingerSeconds': 2 }

/** The packed extension as people use it, and what becomes of a session when its window goes. */
export async function windowSuite(surroundings: Surroundings, report: Report): Promise<void> {
  await using workspace = Workspace.create('shop')
  const configuration = workspace.read(CONFIGURATION)
  rmSync(workspace.path(CONFIGURATION))
  await using editor = await Editor.start(surroundings, {
    trusted: true,
    settings: LONG_LINGER,
    others: [RUST_ANALYZER],
  })
  let window = await editor.window({ folder: workspace.root })
  const test = async (title: string, run: () => Promise<void>): Promise<void> => {
    const passed = await report.test(`window: ${title}`, run)
    if (!passed) await editor.pictureOfFailure(title.replaceAll(/\W+/g, '-').slice(0, 60))
  }

  await test('a folder without a configuration is told of one, and gets it', async () => {
    await window.showTree()
    await window.welcome.getByText('This workspace has no singletrack.jsonc').waitFor()
    await window.picture('unconfigured')
    await window.welcome.getByText('Create singletrack.jsonc').click()
    await window.page.locator('.tab', { hasText: CONFIGURATION }).waitFor()
    assert.match(workspace.read(CONFIGURATION), /"targets": \{\s*"api"/)
    workspace.write(CONFIGURATION, configuration)
  })

  await test('without a session the tree says how to start one', async () => {
    await window.welcome.getByText('No session watches this workspace').waitFor()
    await window.status.filter({ hasText: 'no session' }).waitFor()
    await window.picture('welcome')
  })

  await test('Start Session in the welcome text leads to ready targets', async () => {
    await window.welcome.getByText('Start Session').click()
    await window.row(/api.*ready/).waitFor()
    await window.status.filter({ hasText: '2 ready' }).waitFor()
    await window.picture('ready')
  })

  await test('screen readers are told what the tree and the status bar show', async () => {
    assert.deepEqual(await window.rowLabels(), [
      'shared, passes changes on',
      'api, ready',
      'web, ready',
      'console, started by a debugger',
    ])
    await until('the status bar says it', async () => {
      const label = await window.statusLabel()
      return label === 'Singletrack, 2 ready'
    })
  })

  await test('the buttons of a row stop and start its target', async () => {
    await window.press('api', 'Stop Target')
    await window.row(/api.*stopped/).waitFor()
    await window.press('api', 'Start Target')
    await window.row(/api.*ready/).waitFor()
  })

  await test('a failing build shows in the tree, on the icon, in the status bar and in Problems', async () => {
    workspace.edit('services/web/main.mjs', 'see services', 'BROKEN see services')
    await window.row(/web.*build failed/).waitFor()
    await window.problemRow('BROKEN is not defined').waitFor()
    await window.status.filter({ hasText: 'web failed' }).waitFor()
    assert.equal(await window.statusLabel(), 'Singletrack, web failed')
    await window.badge.filter({ hasText: '1' }).waitFor()
    await window.run('Problems: Focus on Problems View')
    await window.page.locator('.markers-panel').getByText('BROKEN is not defined').waitFor()
    await window.picture('failing')
    workspace.edit('services/web/main.mjs', 'BROKEN ', '')
    await window.row(/web.*ready/).waitFor()
  })

  await test('a build that waits for rust-analyzer says so and offers to separate them, which writes the setting', async () => {
    const before = workspace.read(CONFIGURATION)
    {
      await using check = await CheckOfRustAnalyzer.start(workspace)
      workspace.edit(CONFIGURATION, '"shared": {', `${CRATE}"shared": {`)
      await window.row(/crate.*building.*held by rust-analyzer/).waitFor()
      const toast = window.page.locator('.notification-toast', {
        hasText: 'waits for rust-analyzer',
      })
      await toast.waitFor()
      await window.picture('rust-analyzer')
      await toast.getByText('Separate Them').click()
      const settings = '.vscode/settings.json'
      await until('the setting is written', () =>
        existsSync(workspace.path(settings))
          ? /"rust-analyzer\.cargo\.targetDir": true/.test(workspace.read(settings))
          : false,
      )
      await check.end()
      await window.row(/crate.*built in/).waitFor()
    }
    workspace.write(CONFIGURATION, before)
    await window.row('crate').waitFor({ state: 'detached' })
  })

  await test('a window that is reloaded attaches to the same session and the same processes', async () => {
    const before = { session: workspace.sessionPid, targets: runsOf(workspace) }
    await window.page.reload()
    await window.showTree()
    await window.row(/api.*ready/).waitFor()
    assert.deepEqual({ session: workspace.sessionPid, targets: runsOf(workspace) }, before)
  })

  await test('two windows on one folder share the session; it outlives the first that is closed', async () => {
    const { sessionPid } = workspace
    const hosts = extensionHosts(editor.server.pid)
    const second = await editor.window({ folder: workspace.root })
    await second.showTree()
    await second.row(/api.*ready/).waitFor()
    await second.press('api', 'Stop Target')
    await window.row(/api.*stopped/).waitFor()
    await window.press('api', 'Start Target')
    await second.row(/api.*ready/).waitFor()
    assert.equal(workspace.sessionPid, sessionPid)
    await window.close()
    await until('its extension host is gone', () => !hosts.some(isAlive))
    window = second
    await second.row(/web.*ready/).waitFor()
    assert.equal(workspace.sessionPid, sessionPid)
  })

  await test('an extension host that is killed takes no session along, and the next one attaches', async () => {
    const before = { session: workspace.sessionPid, targets: runsOf(workspace) }
    const hosts = extensionHosts(editor.server.pid)
    assert.ok(hosts.length > 0, 'there is an extension host')
    for (const pid of hosts) process.kill(pid, 'SIGKILL')
    await until('the extension host is gone', () => hosts.every((pid) => !isAlive(pid)))
    assert.deepEqual({ session: workspace.sessionPid, targets: runsOf(workspace) }, before)
    // The editor starts another one by itself; what is shown until then knows of no change.
    await workspace.run('stop', 'api').ended
    await window.row(/api.*stopped/).waitFor()
    await window.press('api', 'Start Target')
    await window.row(/api.*ready/).waitFor()
    assert.equal(workspace.sessionPid, before.session)
  })

  await test('a session that is stopped in the editor leaves no process', async () => {
    const pids = [workspace.sessionPid, ...runsOf(workspace)]
    await window.run('Singletrack: Stop Session')
    await until('the session has ended', () => pids.every((pid) => pid === null || !isAlive(pid)))
    await window.close()
  })

  await test('a session of the editor ends with its last window, in the middle of a build, and leaves neither a process nor a lock', async () => {
    editor.configure(SHORT_LINGER)
    const last = await startSession(editor, workspace)
    workspace.edit(SOURCE, '// The', '// build takes 600000 ms\n// The')
    await last.row(/api.*building/).waitFor()
    await last.close()
    await workspace.untilDeserted()
    assert.equal(workspace.sessionPid, null)
    workspace.edit(SOURCE, '// build takes 600000 ms\n', '')
    const { code, output } = await workspace.run('build', 'api').ended
    assert.equal(code, 0, output)
  })

  await test('a session of a terminal is shown in a new window and outlives it', async () => {
    await using terminal = workspace.run('watch')
    await until('the terminal is ready', () => /web .*ready/.test(terminal.output))
    const others = extensionHosts(editor.server.pid)
    const third: EditorWindow = await editor.window({ folder: workspace.root })
    await third.showTree()
    await third.row(/api.*ready/).waitFor()
    const own = extensionHosts(editor.server.pid).filter((pid) => !others.includes(pid))
    await third.close()
    await until('its extension host is gone', () => own.every((pid) => !isAlive(pid)))
    assert.ok(isAlive(terminal.pid))
  })

  await test('a server that is killed leaves no process of a session behind', async () => {
    await startSession(editor, workspace)
    const pids = [workspace.sessionPid, ...runsOf(workspace)]
    process.kill(-editor.server.pid, 'SIGKILL')
    await until('the session has ended', () => pids.every((pid) => pid === null || !isAlive(pid)))
  })
}

/** Opens a window and starts a session in it. */
async function startSession(editor: Editor, workspace: Workspace): Promise<EditorWindow> {
  const window = await editor.window({ folder: workspace.root })
  await window.showTree()
  await window.welcome.getByText('Start Session').click()
  await window.row(/api.*ready/).waitFor()
  return window
}

/** The pids of a target that no test above has left in the middle of a restart. */
function runsOf(workspace: Workspace): readonly number[] {
  return workspace.processes().filter((pid) => commandLine(pid).includes('dist/api.mjs'))
}
