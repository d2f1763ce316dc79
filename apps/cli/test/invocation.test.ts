import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import {
  call,
  functionIs,
  isAlive,
  openFunctions as open,
  pidOf,
} from './support/function-session.ts'
import { functionWorkspace } from './support/function-workspace.ts'
import { Workspace } from './support/workspace.ts'

test('nothing is built or started before somebody calls', async () => {
  await using workspace = functionWorkspace({ hello: {} })
  await using opened = await open(workspace)
  expect(opened.session.events().map(({ type }) => type)).not.toContain('build-started')
  expect(workspace.processes().some((line) => line.includes('dist/hello.mjs'))).toBe(false)
})

test('the time of the initialization is in the ready event', async () => {
  await using workspace = functionWorkspace({ hello: {} })
  await using opened = await open(workspace)
  await call(opened.endpoint, 'hello')
  const ready = await opened.session.event(({ type }) => type === 'ready')
  expect(ready).toMatchObject({
    target: 'hello',
    initMs: expect.any(Number),
    link: `${opened.endpoint}/lambda-url/hello/`,
  })
})

test('a change lets the request in flight finish, and the next one gets the new program', async () => {
  await using workspace = functionWorkspace({ hello: { invocation: { timeout: '1m' } } })
  await using opened = await open(workspace)
  const { session, endpoint } = opened
  const first = await call(endpoint, 'hello')
  const gate = join(workspace.root, 'gate')
  const slow = call(endpoint, 'hello', { sleepUntil: gate })
  const from = session.events().length
  workspace.edit('src/hello.mjs', "version = '1'", "version = '2'")
  await session.event(({ type }) => type === 'build-succeeded', from)
  const next = call(endpoint, 'hello')
  workspace.write('gate', '')
  expect((await slow).payload).toMatchObject({ version: '1', pid: pidOf(first) })
  expect((await next).payload).toMatchObject({ version: '2' })
  expect(isAlive(pidOf(first))).toBe(false)
})

test('a crash answers what was in flight, and the next invocation starts it again', async () => {
  await using workspace = functionWorkspace({ hello: {} })
  await using opened = await open(workspace)
  const { session, endpoint } = opened
  const crashed = await call(endpoint, 'hello', { crash: true })
  expect(crashed).toMatchObject({
    status: 200,
    functionError: 'Unhandled',
    payload: { errorType: 'Runtime.ExitError' },
  })
  expect(await session.event(({ type }) => type === 'crashed')).toMatchObject({
    target: 'hello',
    restartsOn: 'invocation',
  })
  expect((await call(endpoint, 'hello')).payload).toMatchObject({ function: 'hello' })
})

test('a build that fails is what its callers get, and mending it lets them through', async () => {
  await using workspace = functionWorkspace({ hello: {}, other: {} })
  workspace.edit('src/hello.mjs', "'1'", "'1' // SYNTAX ERROR")
  await using opened = await open(workspace)
  const { endpoint } = opened
  const [failed, other] = await Promise.all([call(endpoint, 'hello'), call(endpoint, 'other')])
  expect(failed).toMatchObject({
    status: 200,
    functionError: 'Unhandled',
    payload: {
      errorType: 'BuildFailed',
      errorMessage: expect.stringContaining('src/hello.mjs: SYNTAX ERROR'),
    },
  })
  expect(other.payload).toMatchObject({ function: 'other' })
  workspace.edit('src/hello.mjs', ' // SYNTAX ERROR', '')
  const mended = await eventually('the mended function answers', async () => {
    const answer = await call(endpoint, 'hello')
    return answer.functionError === undefined ? answer : undefined
  })
  expect(mended.payload).toMatchObject({ function: 'hello' })
})

test('a function that nobody calls is stopped, and comes back when it is called', async () => {
  await using workspace = functionWorkspace({ hello: { invocation: { idle: '300ms' } } })
  await using opened = await open(workspace)
  const { session, endpoint } = opened
  const first = await call(endpoint, 'hello')
  expect(await session.event(({ type }) => type === 'stopped')).toMatchObject({ reason: 'idle' })
  expect(isAlive(pidOf(first))).toBe(false)
  const second = await call(endpoint, 'hello')
  expect(second.payload).toMatchObject({ function: 'hello' })
  expect(session.events().filter(({ type }) => type === 'build-started')).toHaveLength(1)
})

test('an error of the initialization goes to the callers of that function', async () => {
  await using workspace = functionWorkspace({ hello: {}, other: {} })
  workspace.write(
    'src/hello.mjs',
    "import { initFailed } from '../runtime.mjs'\nawait initFailed('NoDatabase', 'refused')\n",
  )
  await using opened = await open(workspace)
  const { endpoint } = opened
  const [failed, other] = await Promise.all([call(endpoint, 'hello'), call(endpoint, 'other')])
  expect(failed).toMatchObject({
    functionError: 'Unhandled',
    payload: { errorType: 'NoDatabase', errorMessage: 'refused' },
  })
  expect(other.functionError).toBeUndefined()
})

test('a caller that leaves while the function is built is never run', async () => {
  await using workspace = functionWorkspace({ hello: {} })
  await using opened = await open(workspace, { BUILD_MS: '300' })
  const { session, endpoint } = opened
  const left = new AbortController()
  const gone = call(endpoint, 'hello', { who: 'gone' }, left.signal)
  await session.event(({ type }) => type === 'build-started')
  left.abort()
  await expect(gone).rejects.toThrow('aborted')
  const answer = await call(endpoint, 'hello', { who: 'here' })
  expect(answer.payload['event']).toEqual({ who: 'here' })
  expect(
    session.events().flatMap((event) => (event.type === 'invoked' ? [event.result] : [])),
  ).toEqual(['cancelled', 'ok'])
})

test('as many processes answer at the same time as the configuration allows', async () => {
  await using workspace = functionWorkspace({
    hello: { invocation: { concurrency: 2, timeout: '1m' } },
  })
  await using opened = await open(workspace)
  const { endpoint } = opened
  const gate = join(workspace.root, 'gate')
  const calls = [1, 2, 3].map(async () => call(endpoint, 'hello', { sleepUntil: gate }))
  await functionIs(workspace, 'hello', 'two are at work', ({ inFlight }) => inFlight === 2)
  workspace.write('gate', '')
  const pids = new Set((await Promise.all(calls)).map(pidOf))
  expect(pids.size).toBe(2)
})

test('the end of the session answers who waits and leaves nothing behind', async () => {
  await using workspace = functionWorkspace({ hello: { invocation: { timeout: '1m' } } })
  await using opened = await open(workspace)
  const { session, endpoint } = opened
  await call(endpoint, 'hello')
  const waiting = call(endpoint, 'hello', { sleepUntil: join(workspace.root, 'never') })
  await session.event(({ type }) => type === 'ready')
  await functionIs(workspace, 'hello', 'it works on it', ({ inFlight }) => inFlight === 1)
  const [answer, ending] = await Promise.all([waiting, session.endBy('SIGTERM')])
  expect(answer.status).toBe(503)
  expect(ending.code).toBe(143)
  await workspace.empty()
})

const hasCargo = spawnSync('cargo', ['--version']).status === 0
if (!hasCargo)
  process.stdout.write('skipped: the Cargo Lambda example needs cargo, which is not on PATH\n')

test.skipIf(!hasCargo)('Rust functions are built when they are first invoked', async () => {
  await using workspace = await Workspace.example('cargo-lambda', {})
  await using opened = await open(workspace)
  const { session, endpoint } = opened
  const [hello, checkout] = await Promise.all([
    call(endpoint, 'hello', { name: 'Ada' }),
    call(endpoint, 'checkout', { card: 'decline' }),
  ])
  expect(hello.payload).toMatchObject({ function: 'hello', greeting: 'hello', version: '1' })
  expect(checkout).toMatchObject({ functionError: 'Unhandled' })
  expect(session.stdout).not.toContain('Blocking waiting for file lock')
  const from = session.events().length
  workspace.edit('hello/src/main.rs', 'VERSION: &str = "1"', 'VERSION: &str = "2"')
  await session.event((event) => event.type === 'ready' && event.target === 'hello', from)
  expect((await call(endpoint, 'hello')).payload).toMatchObject({ version: '2' })
})
