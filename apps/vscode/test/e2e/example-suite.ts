import path from 'node:path'

import { Editor } from './harness/editor.ts'
import type { Report } from './harness/report.ts'
import { Workspace } from './harness/workspace.ts'
import type { Surroundings } from './surroundings.ts'

const EXAMPLE = path.resolve(import.meta.dirname, '../../../cli/examples/functions')

/** The example of the command line in the editor: the picture of the README is made here. */
export async function exampleSuite(surroundings: Surroundings, report: Report): Promise<void> {
  await using workspace = Workspace.create(EXAMPLE, 'functions')
  // Not the ports of an example that somebody runs on this machine.
  for (const port of ['3001', '3002', '3003'])
    workspace.replaceAll('singletrack.jsonc', port, `4${port}`)
  await using editor = await Editor.start(surroundings, {
    trusted: true,
    settings: { 'singletrack.lingerSeconds': 2 },
  })
  const title =
    'example: a function that does not build is shown with its problem, the others are ready'
  const passed = await report.test(title, async () => {
    const window = await editor.window({ folder: workspace.root })
    await window.showTree()
    await window.widenSideBar(120)
    await window.welcome.getByText('Start Session').click()
    await window.status.filter({ hasText: '3 ready' }).waitFor()
    workspace.edit('services/billing/main.ts', 'money.ts', 'monney.ts')
    await window.status.filter({ hasText: 'billing failed' }).waitFor()
    await window.problemRow('Could not resolve').click()
    await window.page.locator('.tab', { hasText: 'main.ts' }).waitFor()
    await window.run('Problems: Focus on Problems View')
    await window.page.locator('.markers-panel').getByText('Could not resolve').first().waitFor()
    // The editor of the tests comes without the TypeScript that it would like to have.
    await window.run('Notifications: Clear All Notifications')
    await window.page.locator('.quick-input-widget').waitFor({ state: 'hidden' })
    await window.row(/orders.*ready/).hover()
    await window.picture('example')
    workspace.edit('services/billing/main.ts', 'monney.ts', 'money.ts')
    await window.status.filter({ hasText: '3 ready' }).waitFor()
    await window.close()
  })
  if (!passed) await editor.pictureOfFailure('example')
}
