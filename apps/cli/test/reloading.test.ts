import { expect, test } from 'vitest'

import { Workspace } from './support/workspace.ts'

const pids = (workspace: Workspace, name: string): readonly string[] =>
  workspace.processes().filter((line) => line.includes(`dist/${name}.mjs`))

test('a broken edit of the configuration keeps the last good one and says where it is broken', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const before = workspace.processes()
  const text = workspace.read('singletrack.jsonc')
  workspace.write('singletrack.jsonc', text.replace('"resources"', '"resorces"'))
  const invalid = await session.event(({ type }) => type === 'configuration-invalid')
  expect(invalid).toHaveProperty('problems.0', expect.stringContaining('did you mean "resources"?'))
  workspace.write('singletrack.jsonc', text)
  await session.event(({ type }) => type === 'configuration-changed')
  expect(workspace.processes()).toEqual(before)
})

test('a change of one target restarts that one; the untouched ones keep their processes', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const before = [...pids(workspace, 'orders'), ...pids(workspace, 'emails')]
  const from = session.events().length
  workspace.edit('singletrack.jsonc', '"TAX_PERCENT": "25"', '"TAX_PERCENT": "10"')
  await session.event((event) => event.type === 'ready' && event.target === 'billing', from)
  expect(await workspace.get('billing')).toMatchObject({ example: 'an invoice of EUR 11.00' })
  expect([...pids(workspace, 'orders'), ...pids(workspace, 'emails')]).toEqual(before)
})

test('a target that is taken out ends, and one that is put in begins', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const text = workspace.read('singletrack.jsonc')
  workspace.write(
    'singletrack.jsonc',
    text
      .replace('"emails": {', '"mails": {')
      .replace(
        '"watch": ["services/${name}/**", "build.mjs"]',
        '"watch": ["services/**", "build.mjs"]',
      )
      .replace(
        '"extends": "function",\n      "env": { "REGION": "us-east" }',
        '"extends": "function",\n      "watch": ["services/emails/**"],\n      "build": { "command": ["node", "build.mjs", "emails"], "outputs": ["dist/emails.mjs"] },\n      "env": { "REGION": "us-west" }',
      )
      .replace(
        '"run": { "port": ' + workspace.ports['emails'],
        '"run": { "command": ["node", "dist/emails.mjs"], "port": ' + workspace.ports['emails'],
      ),
  )
  await session.event((event) => event.type === 'ready' && event.target === 'mails')
  expect(
    session
      .events()
      .some(
        (event) =>
          event.type === 'stopped' && event.target === 'emails' && event.reason === 'removed',
      ),
  ).toBe(true)
  expect(await workspace.get('emails')).toMatchObject({ region: 'us-west' })
})
