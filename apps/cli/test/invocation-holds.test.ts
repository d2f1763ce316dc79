import { createServer } from 'node:net'

import { expect, test } from 'vitest'

import { freePorts } from './support/free-ports.ts'
import { call, functionIs, openFunctions } from './support/function-session.ts'
import { functionWorkspace } from './support/function-workspace.ts'
import type { Workspace } from './support/workspace.ts'

/** A database that listens once its file `up` is there, or ends when `down` is. */
const DATABASE = `import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
while (!existsSync('up')) {
  if (existsSync('down')) process.exit(3)
  await sleep(10)
}
createServer().listen(Number(process.env.PORT), '127.0.0.1')
`

/** A function that needs no build and depends on a database. */
async function withDatabase(
  invocation: Readonly<Record<string, unknown>> = {},
): Promise<Workspace> {
  const [port = 0] = await freePorts(1)
  const workspace = functionWorkspace({
    db: {
      start: 'eager',
      build: null,
      watch: [],
      run: { command: ['node', 'db.mjs'], port, restart: { on: 'never' } },
    },
    hello: {
      build: null,
      run: { command: ['node', 'src/hello.mjs'] },
      dependsOn: [{ target: 'db', until: 'ready' }],
      invocation,
    },
  })
  workspace.write('db.mjs', DATABASE)
  return workspace
}

test('a caller waits until what the function depends on is ready, and is shown why', async () => {
  await using workspace = await withDatabase()
  await using session = workspace.run(['watch', '--json'])
  const listening = await session.event(({ type }) => type === 'listening')
  const endpoint = listening.type === 'listening' ? listening.url : ''
  const answer = call(endpoint, 'hello')
  const held = await session.event((event) => event.type === 'held' && event.target === 'hello')
  expect(held).toMatchObject({
    hold: { kind: 'dependency', on: ['db'], text: 'waits for db to be ready, which is starting' },
  })
  await functionIs(workspace, 'hello', 'it waits', ({ queued }) => queued === 1)
  workspace.write('up', '')
  expect(await answer).toMatchObject({ status: 200, payload: { function: 'hello' } })
})

test('a caller whose time runs out is told what the function waited for', async () => {
  await using workspace = await withDatabase({ queueTimeout: '1s' })
  await using session = workspace.run(['watch', '--json'])
  const listening = await session.event(({ type }) => type === 'listening')
  const endpoint = listening.type === 'listening' ? listening.url : ''
  expect(await call(endpoint, 'hello')).toMatchObject({
    status: 503,
    payload: {
      message:
        'no instance of hello became free within 1000 ms (queueTimeoutMs): waits for db to be ready, which is starting',
    },
  })
})

test('a caller must not wait for what will not come by itself', async () => {
  await using workspace = await withDatabase()
  workspace.write('down', '')
  await using session = workspace.run(['watch', '--json'])
  const listening = await session.event(({ type }) => type === 'listening')
  const endpoint = listening.type === 'listening' ? listening.url : ''
  expect(await call(endpoint, 'hello')).toMatchObject({
    functionError: 'Unhandled',
    payload: {
      errorType: 'DependencyFailed',
      errorMessage:
        'hello was not started because db, on which it depends, crashed: exit code 3; "singletrack start db" tries again',
    },
  })
})

test('a function whose port is taken says by whom, and starts when it is free', async () => {
  const [port = 0] = await freePorts(1)
  await using workspace = functionWorkspace({
    hello: { run: { command: ['node', 'dist/hello.mjs'], port, ready: { lambda: true } } },
  })
  const holder = createServer()
  await new Promise<void>((resolve) => {
    holder.listen(port, '127.0.0.1', resolve)
  })
  await using opened = await openFunctions(workspace)
  const { session, endpoint } = opened
  const answer = call(endpoint, 'hello')
  const inUse = await session.event(({ type }) => type === 'port-in-use')
  expect(inUse).toMatchObject({
    target: 'hello',
    port,
    holder: expect.stringContaining(String(process.pid)),
  })
  const status = workspace.run(['status', '--json'])
  await status.end()
  expect(JSON.parse(status.stdout)).toMatchObject({
    targets: [{ name: 'hello', phase: 'port-in-use' }],
  })
  holder.close()
  expect(await answer).toMatchObject({ status: 200, payload: { function: 'hello' } })
})

test('two sessions listen on two ports, each for its own functions', async () => {
  await using one = functionWorkspace({ hello: {} })
  await using other = functionWorkspace({ hello: {}, world: {} })
  await using first = await openFunctions(one)
  await using second = await openFunctions(other)
  expect(first.endpoint).not.toBe(second.endpoint)
  expect(await call(second.endpoint, 'world')).toMatchObject({ status: 200 })
  expect(await call(first.endpoint, 'world')).toMatchObject({
    status: 404,
    payload: { message: 'Function not found: world; there are hello' },
  })
})

test('functions may be called like the paths at which they are reached', async () => {
  const names = ['2015-03-31', '2018-06-01', 'lambda-url', 'functions']
  await using workspace = functionWorkspace(Object.fromEntries(names.map((name) => [name, {}])))
  await using opened = await openFunctions(workspace)
  const answers = await Promise.all(names.map(async (name) => call(opened.endpoint, name)))
  expect(answers.map(({ payload }) => payload['function'])).toEqual(names)
  const url = workspace.run(['invoke', 'lambda-url', '--url'])
  expect((await url.end()).code).toBe(0)
  expect(JSON.parse(url.stdout)).toMatchObject({ function: 'lambda-url' })
})
