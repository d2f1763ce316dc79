import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import path from 'node:path'

import { CARGO_LOCK, CheckOfRustAnalyzer } from './harness/cargo-lock.ts'
import { Editor } from './harness/editor.ts'
import { isAlive } from './harness/processes.ts'
import type { Report } from './harness/report.ts'
import { until } from './harness/until.ts'
import { Workspace } from './harness/workspace.ts'
import type { Surroundings } from './surroundings.ts'

const RUST_ANALYZER = path.resolve(import.meta.dirname, 'fixtures/rust-analyzer')

/** A target that builds as cargo does: it waits for the lock of the build directory, and says so. */
const CRATE = `"crate": {
      "watch": ["crate/**"],
      "build": { "command": ["sh", "-c", "echo '    Blocking waiting for file lock on build directory' && flock ${CARGO_LOCK} true && echo '   Compiling crate v0.1.0'"] },
    },
    `

/** The packed extension as people use it. */
export async function windowSuite(surroundings: Surroundings, report: Report): Promise<void> {
  await using workspace = Workspace.create('shop')
  await using editor = await Editor.start(surroundings, { trusted: true, others: [RUST_ANALYZER] })
  const window = await editor.window({ folder: workspace.root })
  const test = async (title: string, run: () => Promise<void>): Promise<void> => {
    const passed = await report.test(`window: ${title}`, run)
    if (!passed) await editor.pictureOfFailure(title.replaceAll(/\W+/g, '-').slice(0, 60))
  }

  await test('without a session the tree says how to start one', async () => {
    await window.showTree()
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
    await window.badge.filter({ hasText: '1' }).waitFor()
    await window.run('Problems: Focus on Problems View')
    await window.page.locator('.markers-panel').getByText('BROKEN is not defined').waitFor()
    await window.picture('failing')
    workspace.edit('services/web/main.mjs', 'BROKEN ', '')
    await window.row(/web.*ready/).waitFor()
  })

  await test('a build that waits for rust-analyzer says so and offers to separate them, which writes the setting', async () => {
    const before = workspace.read('singletrack.jsonc')
    {
      await using check = await CheckOfRustAnalyzer.start(workspace)
      workspace.edit('singletrack.jsonc', '"shared": {', `${CRATE}"shared": {`)
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
    workspace.write('singletrack.jsonc', before)
    await window.row('crate').waitFor({ state: 'detached' })
  })

  await test('a session that is stopped in the editor leaves no process', async () => {
    const pids = workspace.processes()
    await window.run('Singletrack: Stop Session')
    await until('the session has ended', () => !pids.some(isAlive))
    assert.equal(workspace.sessionPid, null)
    await window.page.close()
  })
}
