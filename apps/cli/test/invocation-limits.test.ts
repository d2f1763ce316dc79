import { join } from 'node:path'

import { expect, test } from 'vitest'

import { call, functionIs, openFunctions, pidOf } from './support/function-session.ts'
import { functionWorkspace } from './support/function-workspace.ts'

test('other limits must not answer who waits or is served: they go on by what they were promised', async () => {
  await using workspace = functionWorkspace({ hello: { invocation: { timeout: '1m' } } })
  await using opened = await openFunctions(workspace)
  const { session, endpoint } = opened
  const gate = join(workspace.root, 'gate')
  const first = await call(endpoint, 'hello')
  const served = call(endpoint, 'hello', { sleepUntil: gate })
  const waiting = call(endpoint, 'hello', { who: 'waits' })
  await functionIs(
    workspace,
    'hello',
    'one is served and one waits',
    ({ inFlight, queued }) => inFlight === 1 && queued === 1,
  )
  workspace.edit(
    'singletrack.jsonc',
    '"timeout": "1m"',
    '"timeout": "1s", "queueLimit": 1, "idle": "10m"',
  )
  await session.event(({ type }) => type === 'configuration-changed')
  const refused = await call(endpoint, 'hello')
  expect(refused).toMatchObject({
    status: 429,
    payload: {
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      message: 'Rate Exceeded: 1 invocations of hello are waiting already (queueLimit)',
    },
  })
  workspace.write('gate', '')
  expect(await served).toMatchObject({ status: 200, payload: { pid: pidOf(first) } })
  expect(await waiting).toMatchObject({ status: 200, payload: { pid: pidOf(first) } })
  const late = await call(endpoint, 'hello', { sleepUntil: join(workspace.root, 'never') })
  expect(late.payload['errorMessage']).toContain('Task timed out after 1.00 seconds')
})

test('a higher concurrency lets those in who wait already; a lower one ends who is too many', async () => {
  await using workspace = functionWorkspace({
    hello: { invocation: { timeout: '1m', concurrency: 1 } },
  })
  await using opened = await openFunctions(workspace)
  const { session, endpoint } = opened
  const gate = join(workspace.root, 'gate')
  const both = [1, 2].map(async () => call(endpoint, 'hello', { sleepUntil: gate }))
  await functionIs(workspace, 'hello', 'the second waits', ({ queued }) => queued === 1)
  workspace.edit('singletrack.jsonc', '"concurrency": 1', '"concurrency": 2')
  await functionIs(workspace, 'hello', 'both are served', ({ inFlight }) => inFlight === 2)
  workspace.write('gate', '')
  expect(new Set((await Promise.all(both)).map(pidOf)).size).toBe(2)
  const from = session.events().length
  workspace.edit('singletrack.jsonc', '"concurrency": 2', '"concurrency": 1')
  expect(await session.event(({ type }) => type === 'stopped', from)).toMatchObject({
    target: 'hello',
    reason: 'surplus',
  })
  expect(await call(endpoint, 'hello')).toMatchObject({ status: 200 })
})

test('what a process is told at its start makes another one take over, after its work', async () => {
  await using workspace = functionWorkspace({
    hello: { invocation: { timeout: '1m', memory: 128 } },
  })
  await using opened = await openFunctions(workspace)
  const { session, endpoint } = opened
  const gate = join(workspace.root, 'gate')
  const served = call(endpoint, 'hello', { sleepUntil: gate })
  await functionIs(workspace, 'hello', 'it is served', ({ inFlight }) => inFlight === 1)
  workspace.edit('singletrack.jsonc', '"memory": 128', '"memory": 256')
  await session.event(({ type }) => type === 'configuration-changed')
  const next = call(endpoint, 'hello')
  workspace.write('gate', '')
  expect((await served).payload).toMatchObject({ memory: '128' })
  expect((await next).payload).toMatchObject({ memory: '256' })
})

test('a page that is named in the configuration may call, from the moment it is named', async () => {
  const page = 'https://shop.example'
  await using workspace = functionWorkspace({ hello: { invocation: { timeout: '1m' } } })
  await using opened = await openFunctions(workspace)
  const { session, endpoint } = opened
  const preflight = async (): Promise<Response> =>
    fetch(`${endpoint}/lambda-url/hello/`, {
      method: 'OPTIONS',
      headers: { origin: page, 'access-control-request-method': 'PUT' },
    })
  expect((await preflight()).status).toBe(403)
  workspace.edit(
    'singletrack.jsonc',
    '"timeout": "1m"',
    `"timeout": "1m", "cors": { "allowOrigins": ["${page}"], "allowMethods": ["PUT"] }`,
  )
  await session.event(({ type }) => type === 'configuration-changed')
  const allowed = await preflight()
  expect(allowed.status).toBe(200)
  expect(allowed.headers.get('access-control-allow-origin')).toBe(page)
  expect(allowed.headers.get('access-control-allow-methods')).toBe('PUT')
  expect(session.events().map(({ type }) => type)).not.toContain('build-started')
})
