import { type IncomingHttpHeaders, request } from 'node:http'
import { type Socket, createConnection } from 'node:net'
import { text } from 'node:stream/consumers'

import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import { call, isAlive, openFunctions, pidOf } from './support/function-session.ts'
import { functionWorkspace } from './support/function-workspace.ts'

interface Reply {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, (response) => {
      const { statusCode: status, headers: received } = response
      text(response).then((read) => resolve({ status, headers: received, body: read }), reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Sends bytes as they are and reads until the other side closes. */
async function raw(endpoint: string, bytes: string): Promise<string> {
  const socket = connect(endpoint)
  let received = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    received += chunk
  })
  // Who is refused in the middle of sending cannot send the rest.
  socket.on('error', () => {})
  socket.write(bytes)
  await new Promise((resolve) => socket.once('close', resolve))
  return received
}

/** Sends bytes and is gone. */
async function sendAndLeave(endpoint: string, bytes: string): Promise<void> {
  const socket = connect(endpoint)
  await new Promise((resolve) => socket.write(bytes, resolve))
  socket.destroy()
}

function connect(endpoint: string): Socket {
  const { hostname, port } = new URL(endpoint)
  return createConnection(Number(port), hostname)
}

/** What the emulator says of itself. */
async function statsOf(endpoint: string): Promise<Record<string, unknown>> {
  return (await (await fetch(endpoint)).json()) as Record<string, unknown>
}

const PATH = '/2015-03-31/functions/hello/invocations'

test('malformed and cut-off requests are answered or dropped, and the next one is served', async () => {
  await using workspace = functionWorkspace({ hello: {} })
  await using opened = await openFunctions(workspace)
  const { session, endpoint } = opened
  const type = 'x-amzn-errortype'

  expect(await raw(endpoint, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  expect(
    await raw(
      endpoint,
      `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    ),
  ).toMatch(/^HTTP\/1\.1 431 /)
  expect(await post(`${endpoint}/2015-03-31/functions/%E0%A4%A/invocations`, '{}')).toMatchObject({
    status: 400,
    headers: { [type]: 'InvalidParameterValueException' },
  })
  expect(await post(endpoint + PATH, '{"half":')).toMatchObject({
    status: 400,
    headers: { [type]: 'InvalidRequestContentException' },
  })
  const cut = `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"a":`
  await sendAndLeave(endpoint, cut)

  expect(
    session.events().map((event) => event.type),
    'nothing was built',
  ).not.toContain('queued')
  expect(await call(endpoint, 'hello', { n: 1 })).toMatchObject({ payload: { event: { n: 1 } } })
  await eventually('no bytes of any of them are kept', async () =>
    (await statsOf(endpoint))['heldBytes'] === 0 ? true : undefined,
  )
})

test.for([
  ['a name that was rebound to this machine', { host: 'evil.example:9000' }],
  ['a page of another site', { origin: 'https://evil.example' }],
  ['a form of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
] as const)('%s must not start a program', async ([, headers]) => {
  await using workspace = functionWorkspace({ hello: {} })
  await using opened = await openFunctions(workspace)
  const { session, endpoint } = opened
  for (const path of [PATH, '/lambda-url/hello/']) {
    expect(await post(endpoint + path, '{}', headers)).toMatchObject({
      status: 403,
      headers: { 'x-amzn-errortype': 'AccessDeniedException' },
    })
  }
  expect(session.events().map(({ type }) => type)).not.toContain('queued')
})

test('functions are reached on loopback only', async () => {
  await using workspace = functionWorkspace({ hello: {} })
  await using opened = await openFunctions(workspace)
  expect(new URL(opened.endpoint).hostname).toBe('127.0.0.1')
})

test('a later invocation must not hang on a process that was killed', async () => {
  await using workspace = functionWorkspace({ hello: { invocation: { timeout: '1m' } } })
  await using opened = await openFunctions(workspace)
  const { session, endpoint } = opened
  const first = pidOf(await call(endpoint, 'hello'))
  process.kill(first, 'SIGKILL')
  // The moment it is dead, before the session has seen to the rest of it.
  await eventually('it is dead', () => (isAlive(first) ? undefined : true))
  const next = await call(endpoint, 'hello')
  expect(next.functionError).toBeUndefined()
  expect(pidOf(next)).not.toBe(first)
  expect(await session.event(({ type }) => type === 'crashed')).toMatchObject({
    end: { kind: 'signal', signal: 'SIGKILL' },
  })
})
