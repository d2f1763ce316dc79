import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { EventStream, type SessionEvent } from '../events/index.ts'
import {
  ControlClient,
  ControlServer,
  type Handlers,
  type Hello,
  PROTOCOL_VERSION,
  RequestError,
  controlSocketPath,
} from './index.ts'

const runtime = mkdtempSync(join(tmpdir(), 'st-'))
const previous = process.env['XDG_RUNTIME_DIR']
beforeAll(() => {
  process.env['XDG_RUNTIME_DIR'] = runtime
})
afterAll(() => {
  if (previous === undefined) delete process.env['XDG_RUNTIME_DIR']
  else process.env['XDG_RUNTIME_DIR'] = previous
  rmSync(runtime, { recursive: true, force: true })
})

const nonce = '0123456789abcdef'
const hello: Hello = {
  protocol: PROTOCOL_VERSION,
  version: '1.2.3',
  pid: 1,
  root: '/w',
  nonce,
  startedAt: 0,
}

const handlers = {
  start: ({ targets }: { readonly targets: readonly string[] }) => {
    if (targets.includes('nobody')) throw new RequestError('there is no target "nobody"')
    return { started: targets }
  },
  status: () => ({ targets: [] }),
  logs: () => ({ records: 'x'.repeat(20_000) }),
} as unknown as Handlers

async function serve(events = new EventStream()): Promise<ControlServer> {
  return ControlServer.listen(controlSocketPath(nonce), hello, handlers, events)
}

const settled = async (what: () => boolean): Promise<void> => {
  const deadline = performance.now() + 20_000
  while (!what()) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what.toString()}`)
    // oxlint-disable-next-line no-await-in-loop -- polling
    await sleep(5)
  }
}

async function raw(server: ControlServer): Promise<Socket> {
  const socket = connect(server.path)
  socket.on('error', () => undefined)
  await settled(() => !socket.connecting)
  return socket
}

const frame = (id: number, method: string, params: object): string => {
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params })
  return `Content-Length: ${body.length}\r\n\r\n${body}`
}

test('a client says hello, asks, and is answered', async () => {
  await using server = await serve()
  await using client = await ControlClient.connect(server.path, nonce)
  expect(client.hello).toEqual(hello)
  expect(await client.request('start', { targets: ['api'] })).toEqual({ started: ['api'] })
})

test('the socket and its directory are private to the user', async () => {
  await using server = await serve()
  expect(statSync(server.path).mode & 0o777).toBe(0o600)
  expect(statSync(dirname(server.path)).mode & 0o777).toBe(0o700)
})

test('a request that cannot be carried out is refused with its words', async () => {
  await using server = await serve()
  await using client = await ControlClient.connect(server.path, nonce)
  await expect(client.request('start', { targets: ['nobody'] })).rejects.toMatchObject({
    code: 'REFUSED',
    message: 'there is no target "nobody"',
  })
})

test('a client of another session is refused', async () => {
  await using server = await serve()
  await expect(ControlClient.connect(server.path, 'fedcba9876543210')).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('this socket belongs to another session'),
  })
})

test('parameters that do not fit are refused by name, and change nothing', async () => {
  await using server = await serve()
  await using client = await ControlClient.connect(server.path, nonce)
  await expect(client.request('start', { targets: [7] } as never)).rejects.toThrow(
    /start: targets\.0: /,
  )
})

test('nobody listening is said so', async () => {
  await expect(ControlClient.connect(join(runtime, 'nothing.sock'), nonce)).rejects.toMatchObject({
    code: 'UNREACHABLE',
  })
})

test('a request before hello must not be answered', async () => {
  await using server = await serve()
  const socket = await raw(server)
  let answer = ''
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString()
  })
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'status', params: {} })
  socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`)
  await settled(() => answer.includes('say hello first'))
  socket.destroy()
})

test.for([
  ['rubbish', 'GET / HTTP/1.1\r\n\r\n'],
  ['a message that announces a gigabyte', 'Content-Length: 1000000000\r\n\r\n{'],
  ['a header without an end', 'x'.repeat(10_000)],
  ['a body that is no JSON', 'Content-Length: 3\r\n\r\n{{{'],
] as const)('%s must not disturb the other clients', async ([, text]) => {
  await using server = await serve()
  await using client = await ControlClient.connect(server.path, nonce)
  const socket = await raw(server)
  socket.write(text)
  await settled(() => socket.closed || socket.destroyed || text.includes('{{{'))
  expect(await client.request('start', { targets: ['api'] })).toEqual({ started: ['api'] })
  socket.destroy()
})

test('events reach a client that subscribed, in order', async () => {
  const events = new EventStream()
  await using server = await serve(events)
  await using client = await ControlClient.connect(server.path, nonce)
  const seen: SessionEvent[] = []
  using _subscription = client.onEvent((event) => seen.push(event))
  await client.request('subscribe', {})
  for (let i = 0; i < 100; i += 1) events.emit({ type: 'settled' })
  await settled(() => seen.length === 100)
  expect(seen.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
})

test('a client that stops reading must not stall the session, and is cut off', async () => {
  const events = new EventStream()
  await using server = await serve(events)
  await using client = await ControlClient.connect(server.path, nonce)
  const socket = await raw(server)
  socket.pause()
  socket.write(frame(1, 'hello', { protocol: PROTOCOL_VERSION, nonce }) + frame(2, 'subscribe', {}))
  await settled(() => server.clients === 2)
  const line = 'x'.repeat(1_000)
  const flood = (): void => {
    for (let i = 0; i < 500; i += 1) events.emit({ type: 'warning', code: 'FLOOD', message: line })
  }
  while (server.clients === 2) {
    flood()
    // oxlint-disable-next-line no-await-in-loop -- the session goes on meanwhile
    expect(await client.request('start', { targets: ['api'] })).toEqual({ started: ['api'] })
  }
  expect(server.clients).toBe(1)
  socket.destroy()
})

test('a client that asks on and on and reads no answer must be cut off, not remembered', async () => {
  await using server = await serve()
  await using client = await ControlClient.connect(server.path, nonce)
  const socket = await raw(server)
  socket.pause()
  socket.write(frame(1, 'hello', { protocol: PROTOCOL_VERSION, nonce }))
  await settled(() => server.clients === 2)
  for (let id = 2; server.clients === 2; id += 100) {
    const hundred = Array.from({ length: 100 }, (_, index) =>
      frame(id + index, 'logs', { targets: [] }),
    )
    socket.write(hundred.join(''))
    // oxlint-disable-next-line no-await-in-loop -- the session goes on meanwhile
    expect(await client.request('start', { targets: ['api'] })).toEqual({ started: ['api'] })
  }
  expect(await client.request('start', { targets: ['api'] })).toEqual({ started: ['api'] })
  socket.destroy()
})

test('a session that ends tells those who wait for an answer', async () => {
  const server = await serve()
  await using client = await ControlClient.connect(server.path, nonce)
  await server[Symbol.asyncDispose]()
  await expect(client.request('status', {})).rejects.toMatchObject({ code: 'GONE' })
})
