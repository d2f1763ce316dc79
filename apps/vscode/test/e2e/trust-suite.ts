import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import path from 'node:path'

import { Editor } from './harness/editor.ts'
import type { Report } from './harness/report.ts'
import { until } from './harness/until.ts'
import { Workspace } from './harness/workspace.ts'
import type { Surroundings } from './surroundings.ts'

/** Restricted Mode, and several folders in one window: as users meet them, with the packed extension. */
export async function trustSuite(surroundings: Surroundings, report: Report): Promise<void> {
  await using workspace = Workspace.create('shop')
  await using other = Workspace.create('shop', 'market')
  await using editor = await Editor.start(surroundings, { trusted: false })
  const test = async (title: string, run: () => Promise<void>): Promise<void> => {
    const passed = await report.test(`trust: ${title}`, run)
    if (!passed) await editor.pictureOfFailure(title.replaceAll(/\W+/g, '-').slice(0, 60))
  }
  const file = path.join(path.dirname(workspace.root), 'both.code-workspace')
  // Settings that would start something, and run a program of the workspace's choice.
  workspace.write(
    '../both.code-workspace',
    JSON.stringify({
      folders: [{ path: workspace.root }, { path: other.root }],
      settings: { 'singletrack.autoStart': true, 'singletrack.node': '/bin/false' },
    }),
  )
  const window = await editor.window({ folder: workspace.root })

  await test('the tree says that nothing is run in Restricted Mode, and leads to the trust', async () => {
    await window.showTree()
    await window.welcome.getByText('This workspace is in Restricted Mode').waitFor()
    await window.status.filter({ hasText: 'no session' }).waitFor()
    await window.picture('restricted-welcome')
    assert.equal(await window.welcome.getByText('Start Session').count(), 0)
    await window.welcome.getByText('Manage Workspace Trust').click()
    await window.page.locator('.workspace-trust-editor').waitFor()
  })

  await test('nothing is started in Restricted Mode, and the tree names each folder', async () => {
    await window.openWorkspace(editor.server.url({ workspace: file }), /market/)
    await window.page.getByText('Restricted Mode').first().waitFor()
    await window.row(/shop.*no session/).waitFor()
    await window.row(/market.*no session/).waitFor()
    await window.picture('restricted')
    assert.equal(workspace.sessionPid, null)
    assert.equal(existsSync(workspace.path('.singletrack')), false)
  })

  await test('commands that run something are not offered', async () => {
    const offered = await window.offered('Singletrack: Start Session')
    assert.ok(!offered.some((text) => text.includes('Start Session')), offered.join('\n'))
  })

  await test('a session of a terminal is shown, without a way to drive it', async () => {
    await using terminal = workspace.run('watch')
    await until('the terminal is ready', () => /web .*ready/.test(terminal.output))
    await window.row(/api.*ready/).waitFor()
    const offered = await window.offered('Singletrack: Stop')
    assert.ok(!offered.some((text) => text.includes('Stop Target')), offered.join('\n'))
    await window.row(/api.*ready/).hover()
    assert.equal(await window.page.locator('.pane-body a.action-label:visible').count(), 0)
    await window.picture('restricted-session')
  })

  await test('once trusted, the settings of the workspace come into force', async () => {
    await window.row(/shop.*no session/).waitFor()
    await window.page.getByText('Manage', { exact: true }).first().click()
    await window.page
      .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust/ })
      .first()
      .click()
    // The program that is set as Node ends at once: that is how it shows that it has been run.
    await window.page
      .locator('.notification-toast', { hasText: 'The session did not start' })
      .first()
      .waitFor()
    assert.equal(workspace.sessionPid, null)
  })
}
