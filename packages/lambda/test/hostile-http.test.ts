import { once } from 'node:events'
import { connect } from 'node:net'

import { expect, test } from 'vitest'

import { record } from './record.ts'
import { startRig } from './rig.ts'
import { ScriptedRuntime, invoke, send } from './scripted-runtime.ts'

/** Sends bytes as they are and reads until the other side closes. */
async function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1')
  })
  socket.on('error', () => {})
  socket.write(bytes)
  await once(socket, 'close')
  return text
}

const invokePath = '/2015-03-31/functions/api/invocations'

test.for([
  ['garbage', 'hello\r\n\r\n', 400],
  ['no Host', `POST ${invokePath} HTTP/1.1\r\nConnection: close\r\n\r\n`, 400],
  [
    'two lengths',
    `POST ${invokePath} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx`,
    400,
  ],
  [
    'a length and chunks',
    `POST ${invokePath} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  [
    'a header of 20 KB',
    `POST ${invokePath} HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
  ],
] as const)('malformed: %s', async ([, bytes, status]) => {
  await using rig = await startRig()
  expect(await raw(rig.url, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(rig.starts).toEqual([])
})

test.for([
  ['GET', invokePath, 404],
  ['POST', '/2015-03-31/functions//invocations', 400],
  ['POST', '/2015-03-31/functions/%E0%A4%A/invocations', 400],
  ['POST', '/2015-03-31/functions/a:b:c:d/invocations', 400],
  ['POST', '/2015-03-31/functions/..%2F..%2Fetc%00/invocations', 404],
  ['POST', '/2015-03-31/functions', 404],
  ['GET', '/lambda-url/', 400],
  ['GET', '/favicon.ico', 404],
  ['POST', '/api/2018-06-01/runtime/invocation/x/response', 400],
  ['POST', '/api/2020-01-01/extension/register', 404],
] as const)('%s %s is refused with %i and a message', async ([method, path, status]) => {
  await using rig = await startRig()
  const answer = await send(method, rig.url + path)
  expect(answer.status).toBe(status)
  expect(Object.keys(record(JSON.parse(answer.body)))).not.toEqual([])
  expect(rig.starts).toEqual([])
})

test.for([
  [{ 'x-amz-invocation-type': 'Whenever' }, 'InvalidParameterValueException'],
  [{ 'x-amz-client-context': 'not base64 json' }, 'InvalidRequestContentException'],
] as const)('a header that says nonsense is refused: %j', async ([headers, type]) => {
  await using rig = await startRig()
  const answer = await invoke(rig.url, 'api', {}, headers)
  expect(answer.status).toBe(400)
  expect(answer.headers['x-amzn-errortype']).toBe(type)
})

test('a trace header that could end the header is replaced', async () => {
  await using rig = await startRig()
  const answer = invoke(rig.url, 'api', {}, { 'x-amzn-trace-id': 'Root=1 <script>' })
  const runtime = new ScriptedRuntime((await rig.started(1)).instance.runtimeApi)
  const { headers } = await runtime.serve(null)
  expect(headers['lambda-runtime-trace-id']).toMatch(/^Root=1-[\da-f]{8}-/)
  await answer
})

test('a chunked body without a length is refused at the limit, and the sender sees the answer', async () => {
  await using rig = await startRig()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let count = 0; count < 7; count += 1) controller.enqueue(Buffer.alloc(1024 * 1024, ' '))
      controller.close()
    },
  })
  const response = await fetch(rig.url + invokePath, { method: 'POST', body, duplex: 'half' })
  expect(response.status).toBe(413)
  expect(rig.emulator.stats().heldBytes).toBe(0)
})

test('a body that breaks off starts nothing and holds nothing', async () => {
  await using rig = await startRig()
  const { hostname, port } = new URL(rig.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(`POST ${invokePath} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"a":`)
  await expect.poll(() => rig.emulator.stats().heldBytes).toBe(5)
  socket.destroy()
  await expect.poll(() => rig.emulator.stats().heldBytes).toBe(0)
  expect(rig.starts).toEqual([])
})

test('a body that comes too slowly is given up', async () => {
  await using rig = await startRig({ requestTimeoutMs: 100 })
  const head = `POST ${invokePath} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{`
  expect(await raw(rig.url, head)).toMatch(/^HTTP\/1.1 408 /)
  expect(rig.emulator.stats().heldBytes).toBe(0)
})

test('all waiting requests together hold no more than maxHeldBytes', async () => {
  await using rig = await startRig({ maxHeldBytes: 1000 })
  const first = invoke(rig.url, 'api', 'x'.repeat(700))
  const { instance } = await rig.started(1)
  const second = await invoke(rig.url, 'other', 'x'.repeat(700))
  expect(second.status).toBe(429)
  expect(second.body).toContain('maxHeldBytes')
  await new ScriptedRuntime(instance.runtimeApi).serve('ok')
  await first
  expect(rig.emulator.stats().heldBytes).toBe(0)
})

test.for([
  [{ host: 'evil.example:9000' }, 403],
  [{ host: 'localhost:9000' }, 200],
  [{ host: '[::1]:9000' }, 200],
  [{ host: 'orders.localhost' }, 200],
  [{ origin: 'https://evil.example' }, 403],
  [{ origin: 'null' }, 403],
  [{ origin: 'http://localhost:5173' }, 200],
  [{ origin: 'https://app.example' }, 200],
  [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
  [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 200],
  [{ 'sec-fetch-site': 'same-origin' }, 200],
] as const)('a browser’s request with %j is answered with %i', async ([headers, status]) => {
  await using rig = await startRig({ allowedOrigins: ['https://app.example'] })
  expect(await send('GET', rig.url, { headers })).toMatchObject({ status })
})

test('a web page cannot talk to a Runtime API, whatever its origin', async () => {
  await using rig = await startRig({ functions: { api: {} } })
  const { runtimeApi } = await rig.emulator.openInstance('api')
  const path = '/2018-06-01/runtime/invocation/next'
  for (const headers of [{ origin: 'http://localhost' }, { host: 'evil.example' }]) {
    expect(await send('GET', `http://${runtimeApi}${path}`, { headers })).toMatchObject({
      status: 403,
    })
  }
})

test('a runtime whose answer breaks off has not answered', async () => {
  await using rig = await startRig()
  const answer = invoke(rig.url, 'api')
  const { instance } = await rig.started(1)
  const runtime = new ScriptedRuntime(instance.runtimeApi)
  const { id } = await runtime.next()
  const [host, port] = instance.runtimeApi.split(':')
  const socket = connect(Number(port), host)
  socket.on('error', () => {})
  socket.write(
    `POST /2018-06-01/runtime/invocation/${id}/response HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"half":`,
  )
  await expect.poll(() => rig.emulator.stats().heldBytes).toBeGreaterThan(2)
  socket.destroy()
  await expect.poll(() => rig.emulator.stats().heldBytes).toBe(2)
  expect(await runtime.respond(id, '"whole"')).toMatchObject({ status: 202 })
  expect((await answer).body).toBe('"whole"')
})

test('the root tells how things are', async () => {
  await using rig = await startRig({ functions: { api: {} } })
  expect(JSON.parse((await send('GET', rig.url)).body)).toMatchObject({
    functions: [{ name: 'api', queued: 0, inFlight: 0, instances: [] }],
  })
})

test('a taken port gives way to the next free one', async () => {
  await using first = await startRig()
  const taken = Number(new URL(first.url).port)
  await using second = await startRig({ port: taken })
  expect(Number(new URL(second.url).port)).toBeGreaterThan(taken)
})

test('an address that cannot be listened on is an error that names it', async () => {
  await expect(startRig({ host: '203.0.113.1', port: 9000 })).rejects.toMatchObject({
    code: 'LAMBDA_NO_PORT',
    message: expect.stringContaining('203.0.113.1'),
  })
})
