import { once } from 'node:events'
import { createServer } from 'node:http'

import { expect, test } from 'vitest'

import { Workspace } from './support/workspace.ts'

test('a function that crashes is shown, collected, and comes back by policy', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const from = session.events().length
  const before = workspace.processes().length
  expect(await workspace.post('emails', '/crash')).toBe(202)
  const crashed = await session.event((event) => event.type === 'crashed', from)
  expect(crashed).toMatchObject({
    target: 'emails',
    end: { kind: 'code', code: 1 },
    restartInMs: 200,
    leftovers: [],
  })
  await session.event((event) => event.type === 'ready' && event.target === 'emails', from)
  expect(await workspace.get('emails')).toMatchObject({ function: 'emails' })
  expect(workspace.processes()).toHaveLength(before)
})

test('a function that crashes at its start waits for a change, and the change brings it back', async () => {
  await using workspace = await Workspace.functions()
  workspace.edit('services/emails/.env', /^# *EMAILS_FAIL_START=1/m, 'EMAILS_FAIL_START=1')
  await using session = await workspace.session()
  const crashed = await session.event((event) => event.type === 'crashed')
  expect(crashed).toMatchObject({ target: 'emails', restartInMs: null })
  const from = session.events().length
  workspace.edit('services/emails/.env', /^EMAILS_FAIL_START=1/m, '# EMAILS_FAIL_START=1')
  await session.event((event) => event.type === 'ready' && event.target === 'emails', from)
  expect(await workspace.get('emails')).toMatchObject({ function: 'emails' })
})

test('a missing program is named, and the others run', async () => {
  await using workspace = await Workspace.functions()
  workspace.edit(
    'singletrack.jsonc',
    `"run": { "port": ${workspace.ports['emails']} }`,
    `"run": { "port": ${workspace.ports['emails']}, "command": ["no-such-program"] }`,
  )
  await using session = await workspace.session()
  const failed = await session.event((event) => event.type === 'spawn-failed')
  expect(failed).toHaveProperty('message', expect.stringContaining('no-such-program'))
  expect(session.events().filter(({ type }) => type === 'ready')).toHaveLength(2)
})

test('a port in use is named with its holder, and the function starts when it is free', async () => {
  await using workspace = await Workspace.functions()
  const stranger = createServer().listen(workspace.ports['emails'], '127.0.0.1')
  await once(stranger, 'listening')
  await using session = workspace.run(['watch', '--json'])
  const taken = await session.event((event) => event.type === 'port-in-use')
  expect(taken).toMatchObject({
    target: 'emails',
    port: workspace.ports['emails'],
    holder: expect.stringContaining(`pid ${process.pid}`),
  })
  stranger.close()
  await session.event((event) => event.type === 'ready' && event.target === 'emails')
})
