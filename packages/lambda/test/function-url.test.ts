import { expect, test } from 'vitest'

import { record } from './record.ts'
import { spawnFixture, startRig } from './rig.ts'
import { ScriptedRuntime, send } from './scripted-runtime.ts'

/** Real processes on a loaded machine: time is not what is tested. */
const slow = { timeoutMs: 60_000 }

/** `url` answers with `response` of the JSON body it gets, or with its event. */
const startUrl = () =>
  startRig({ functions: { url: slow, fail: slow, streamSite: slow, stream: slow } }, spawnFixture)

const responding = (response: unknown): { body: string; headers: Record<string, string> } => ({
  body: JSON.stringify({ response }),
  headers: { 'content-type': 'application/json' },
})

test('a request becomes an event of payload format 2.0', async () => {
  await using rig = await startUrl()
  const answer = await send('POST', `${rig.url}/lambda-url/url/a%20b/c?x=1&x=2&y=%C3%A4`, {
    body: '{}',
    headers: { 'content-type': 'application/json', cookie: 'a=1; b=2', 'x-own': 'v' },
  })
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toBe('application/json')
  const event: unknown = JSON.parse(answer.body)
  const host = rig.url.replace('http://', '')
  expect(event).toEqual({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/a b/c',
    rawQueryString: 'x=1&x=2&y=%C3%A4',
    cookies: ['a=1', 'b=2'],
    headers: expect.objectContaining({ 'x-own': 'v', 'x-forwarded-for': '127.0.0.1', host }),
    queryStringParameters: { x: '1,2', y: 'ä' },
    requestContext: {
      accountId: 'anonymous',
      apiId: 'url',
      domainName: host,
      domainPrefix: 'url',
      http: {
        method: 'POST',
        path: '/a b/c',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: '',
      },
      requestId: expect.any(String),
      routeKey: '$default',
      stage: '$default',
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
    body: '{}',
    isBase64Encoded: false,
  })
})

test('a binary body arrives as base64, byte for byte', async () => {
  await using rig = await startRig()
  const bytes = Buffer.from([0, 255, 128, 10, 13])
  const answer = send('PUT', `${rig.url}/lambda-url/any/`, {
    body: bytes,
    headers: { 'content-type': 'application/octet-stream' },
  })
  const runtime = new ScriptedRuntime((await rig.started(1)).instance.runtimeApi)
  const { event } = await runtime.serve({ statusCode: 204 })
  expect(event).toMatchObject({ body: bytes.toString('base64'), isBase64Encoded: true })
  expect(await answer).toMatchObject({ status: 204, body: '' })
})

test('status, headers, cookies and a binary body come back', async () => {
  await using rig = await startUrl()
  const response = await fetch(`${rig.url}/lambda-url/url/`, {
    method: 'POST',
    ...responding({
      statusCode: 201,
      headers: { 'Content-Type': 'image/x-test', 'X-Own': 'v', connection: 'close' },
      cookies: ['a=1; Path=/', 'b=2'],
      body: Buffer.from([0, 255, 1]).toString('base64'),
      isBase64Encoded: true,
    }),
  })
  expect(response.status).toBe(201)
  expect(response.headers.get('content-type')).toBe('image/x-test')
  expect(response.headers.get('x-own')).toBe('v')
  expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2'])
  expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([0, 255, 1]))
})

test('anything without a statusCode is a JSON body', async () => {
  await using rig = await startUrl()
  const answer = await send('POST', `${rig.url}/lambda-url/url`, responding({ hello: 'world' }))
  expect(answer).toMatchObject({ status: 200, body: '{"hello":"world"}' })
})

test('a HEAD request is answered without a body', async () => {
  await using rig = await startUrl()
  const answer = await send('HEAD', `${rig.url}/lambda-url/url/`)
  expect(answer).toMatchObject({ status: 200, body: '' })
})

test.for([
  [{ statusCode: 'many' }, '"statusCode"'],
  [{ statusCode: 200, body: {} }, '"body" is not a string'],
  [{ statusCode: 200, headers: { 'bad name': 'x' } }, '"bad name"'],
  [{ statusCode: 200, headers: { x: 'a\nb' } }, '"x" cannot be sent'],
  [{ statusCode: 200, cookies: 'a=1' }, '"cookies" is not an array'],
] as const)('a malformed response is a 502 that names the field: %j', async ([response, words]) => {
  await using rig = await startUrl()
  const answer = await send('POST', `${rig.url}/lambda-url/url/`, responding(response))
  expect(answer.status).toBe(502)
  expect(answer.body).toContain('payload format 2.0')
  expect(record(JSON.parse(answer.body))['errorMessage']).toContain(words)
})

test('an error of the function is a 502 with its document', async () => {
  await using rig = await startUrl()
  const answer = await send('GET', `${rig.url}/lambda-url/fail/`)
  expect(answer.status).toBe(502)
  expect(JSON.parse(answer.body)).toMatchObject({ errorType: 'RangeError' })
})

test('a streamed answer brings status, headers and cookies in its prelude', async () => {
  await using rig = await startUrl()
  const response = await fetch(`${rig.url}/lambda-url/streamSite/`)
  expect(response.status).toBe(201)
  expect(response.headers.get('x-kind')).toBe('streamed')
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(await response.text()).toBe('<p>one</p><p>two</p>')
})

test('a streamed answer without a prelude is all body', async () => {
  await using rig = await startUrl()
  const response = await fetch(`${rig.url}/lambda-url/stream/`)
  expect(response.headers.get('content-type')).toBe('application/octet-stream')
  expect(await response.text()).toBe('abc')
})

test('functionUrl() is where the function is reached', async () => {
  await using rig = await startUrl()
  expect(rig.emulator.functionUrl('url')).toBe(`${rig.url}/lambda-url/url/`)
  expect(() => rig.emulator.functionUrl('none')).toThrow('Function not found: none')
})

test('the name of a scoped package is a function name when it is percent-encoded', async () => {
  await using rig = await startRig({ functions: { '@shop/orders': {} } })
  const answer = send('GET', rig.emulator.functionUrl('@shop/orders'))
  const { functionName, instance } = await rig.started(1)
  expect(functionName).toBe('@shop/orders')
  await new ScriptedRuntime(instance.runtimeApi).serve('ok')
  expect(await answer).toMatchObject({ status: 200 })
})

const page = 'https://shop.example'
const cors = {
  allowOrigins: [page],
  allowMethods: ['GET', 'PUT'],
  allowHeaders: ['content-type'],
  exposeHeaders: ['x-total'],
  allowCredentials: true,
  maxAgeSeconds: 600,
}

test('a preflight is answered as configured, and starts nothing', async () => {
  await using rig = await startRig({ functions: { url: { cors } } }, spawnFixture)
  const asking = { origin: page, 'access-control-request-method': 'PUT' }
  const url = rig.emulator.functionUrl('url')
  const { status, headers } = await send('OPTIONS', url, { headers: asking })
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'access-control-allow-origin': page,
    'access-control-allow-methods': 'GET, PUT',
    'access-control-allow-headers': 'content-type',
    'access-control-allow-credentials': 'true',
    'access-control-max-age': '600',
    vary: 'Origin',
  })
  expect(rig.starts).toEqual([])
})

test('a page that is named is let in, and the function’s own word gives way', async () => {
  await using rig = await startRig(
    { functions: { url: { ...slow, cors }, fail: slow } },
    spawnFixture,
  )
  const own = { 'Access-Control-Allow-Origin': '*', Vary: 'Accept', 'X-Total': '3' }
  const { body, headers } = responding({ statusCode: 200, headers: own, body: 'x' })
  const answer = await send('POST', rig.emulator.functionUrl('url'), {
    body,
    headers: { ...headers, origin: page },
  })
  expect(answer).toMatchObject({ status: 200, body: 'x' })
  expect(answer.headers).toMatchObject({
    'access-control-allow-origin': page,
    'access-control-expose-headers': 'x-total',
    'x-total': '3',
    vary: 'Accept, Origin',
  })
  const elsewhere = { headers: { origin: page } }
  expect(
    await send('GET', rig.emulator.functionUrl('fail'), elsewhere),
    'another function names no page',
  ).toMatchObject({ status: 403 })
  expect(await send('GET', rig.url, elsewhere), 'nor does the root').toMatchObject({ status: 403 })
})

test('a wildcard lets in no page that would not be let in without it', async () => {
  const open = { cors: { allowOrigins: ['*'] } }
  await using rig = await startRig({ functions: { url: open } }, spawnFixture)
  const asking = (origin: string) =>
    send('OPTIONS', rig.emulator.functionUrl('url'), {
      headers: { origin, 'access-control-request-method': 'GET' },
    })
  expect(await asking(page)).toMatchObject({ status: 403 })
  const local = await asking('http://localhost:5173')
  expect(local.headers['access-control-allow-origin']).toBe('*')
})

test('without a configuration the function answers OPTIONS itself', async () => {
  await using rig = await startUrl()
  const answer = await send('OPTIONS', rig.emulator.functionUrl('url'), {
    ...responding({ statusCode: 204, headers: { 'access-control-allow-origin': '*' } }),
  })
  expect(answer).toMatchObject({ status: 204 })
  expect(answer.headers['access-control-allow-origin']).toBe('*')
})
