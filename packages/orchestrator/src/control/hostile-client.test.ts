import { mkdtempSync, rmSync } from 'node:fs'
import { type Server, type Socket, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { EventStream } from '../events/index.ts'
import {
  ControlClient,
  ControlClientError,
  ControlServer,
  type Handlers,
  PROTOCOL_VERSION,
} from './index.ts'
import { requestSchemas } from './request-schemas.ts'

const nonce = '0123456789abcdef'
const folder = mkdtempSync(join(tmpdir(), 'st-'))

/** What handlers were called with; only what the protocol describes may get there. */
const called: (readonly [string, unknown])[] = []
const handler = (method: string) => (params: unknown) => {
  called.push([method, params])
  return method === 'start' ? { started: [] } : null
}
const handlers = Object.fromEntries(
  Object.keys(requestSchemas).map((method) => [method, handler(method)]),
) as unknown as Handlers

let server: ControlServer
let witness: ControlClient

beforeAll(async () => {
  process.env['XDG_RUNTIME_DIR'] = folder
  const hello = { protocol: PROTOCOL_VERSION, version: '1', pid: 1, root: '/', nonce, startedAt: 0 }
  server = await ControlServer.listen(join(folder, 's.sock'), hello, handlers, new EventStream())
  witness = await ControlClient.connect(server.path, nonce)
})

afterAll(async () => {
  await witness[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

/** Writes all of it in pieces, then leaves; resolves when the connection is over. */
async function send(bytes: Buffer, pieces: number): Promise<void> {
  const socket: Socket = connect(server.path)
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => resolve())
  })
  socket.on('error', () => undefined)
  socket.resume()
  const size = Math.ceil(bytes.length / pieces)
  for (let at = 0; at < bytes.length; at += size) socket.write(bytes.subarray(at, at + size))
  socket.end()
  await closed
}

async function sessionIsUnmoved(): Promise<void> {
  called.length = 0
  expect(await witness.request('start', { targets: [] })).toEqual({ started: [] })
  expect(called).toEqual([['start', { targets: [] }]])
}

const frame = (message: unknown): Buffer => {
  const body = Buffer.from(JSON.stringify(message) ?? '')
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body])
}

const greeting = frame({
  jsonrpc: '2.0',
  id: 'hello',
  method: 'hello',
  params: { protocol: PROTOCOL_VERSION, nonce },
})

const methods = [
  ...Object.keys(requestSchemas),
  '$/cancelRequest',
  '$/progress',
  '__proto__',
  'constructor',
  '',
]

/** Messages that come close to those of the protocol, and values that are nothing like one. */
const message = fc.oneof(
  fc.record(
    {
      jsonrpc: fc.oneof(fc.constant('2.0'), fc.jsonValue()),
      id: fc.oneof(fc.nat(), fc.string(), fc.constant(null), fc.jsonValue()),
      method: fc.oneof(fc.constantFrom(...methods), fc.jsonValue()),
      params: fc.oneof(
        fc.record(
          {
            targets: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
            target: fc.oneof(fc.string(), fc.jsonValue()),
            path: fc.oneof(fc.string(), fc.jsonValue()),
            for: fc.jsonValue(),
            timeoutMs: fc.oneof(fc.constant(null), fc.double()),
            id: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
        fc.jsonValue(),
      ),
      result: fc.jsonValue(),
      error: fc.jsonValue(),
    },
    { requiredKeys: ['jsonrpc'] },
  ),
  fc.array(fc.jsonValue(), { maxLength: 3 }),
  fc.jsonValue(),
)

/** More of them: `FUZZ_RUNS=5000 vitest run hostile`. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 200)

test('no message whatever disturbs the session or its other clients', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { maxLength: 6 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 5 }),
      async (messages, greets, pieces) => {
        called.length = 0
        await send(Buffer.concat([...(greets ? [greeting] : []), ...messages.map(frame)]), pieces)
        // What got through is what the protocol describes, and only after a greeting.
        if (!greets) expect(called).toEqual([])
        for (const [method, params] of called) {
          const schema = Object.entries(requestSchemas).find(([name]) => name === method)?.[1]
          expect(schema?.safeParse(params).success).toBe(true)
        }
        await sessionIsUnmoved()
      },
    ),
    { numRuns },
  )
})

test('no bytes whatever disturb the session or its other clients', async () => {
  const bytes = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 50 }).map((array) => Buffer.from(array)),
      fc
        .constantFrom('Content-Length: ', '\r\n', '\r\n\r\n', '7', '-1', '1e9', '{}', '[]', '\0')
        .map((text) => Buffer.from(text)),
      fc.constant(greeting),
    ),
  )
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 5 }), async (parts, pieces) => {
      await send(Buffer.concat(parts), pieces)
      await sessionIsUnmoved()
    }),
    { numRuns },
  )
})

/** Somebody who answers every connection with these bytes and then leaves. */
async function impostor(bytes: Buffer): Promise<Server & AsyncDisposable> {
  const listener = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.resume()
    socket.end(bytes)
  })
  await new Promise<void>((resolve) => {
    listener.listen(join(folder, 'i.sock'), resolve)
  })
  return Object.assign(listener, {
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => {
        listener.close(resolve)
      })
    },
  })
}

test('whatever listens in place of a session, a client is told and does not hang', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.array(message, { maxLength: 3 }).map((all) => Buffer.concat(all.map(frame))),
        fc.uint8Array().map((array) => Buffer.from(array)),
        fc.constant(Buffer.from('Content-Length: 1000000000000\r\n\r\n{')),
      ),
      async (bytes) => {
        await using _impostor = await impostor(bytes)
        await expect(ControlClient.connect(join(folder, 'i.sock'), nonce)).rejects.toBeInstanceOf(
          ControlClientError,
        )
      },
    ),
    { numRuns: numRuns / 4 },
  )
})
