import { request } from 'node:http'

import {
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamCommandOutput,
} from '@aws-sdk/client-lambda'
import { expect, test } from 'vitest'

import { ManualClock } from './manual-clock.ts'
import { type Rig, spawnFixture, startRig } from './rig.ts'
import { ScriptedRuntime, invoke } from './scripted-runtime.ts'

/** A streamed invocation as the SDK opens it: resolves when the answer has begun. */
function open({ client }: Rig, name: string, event: unknown = {}, log?: 'Tail') {
  return client.send(
    new InvokeWithResponseStreamCommand({
      FunctionName: name,
      Payload: JSON.stringify(event),
      ...(log === undefined ? {} : { LogType: log }),
    }),
  )
}

/** The text of the chunks and how the stream ended. */
async function rest({ EventStream }: InvokeWithResponseStreamCommandOutput) {
  const chunks: string[] = []
  for await (const { PayloadChunk, InvokeComplete } of EventStream ?? []) {
    if (PayloadChunk?.Payload !== undefined) {
      chunks.push(Buffer.from(PayloadChunk.Payload).toString('utf8'))
    }
    if (InvokeComplete !== undefined) return { text: chunks.join(''), complete: InvokeComplete }
  }
  throw new Error('the stream ended without InvokeComplete')
}

async function streamed(rig: Rig, name: string, event: unknown = {}, log?: 'Tail') {
  return rest(await open(rig, name, event, log))
}

/** Opens a streamed answer as a runtime does; the test writes it. */
function openStream(api: string, id: string) {
  const outgoing = request(`http://${api}/2018-06-01/runtime/invocation/${id}/response`, {
    method: 'POST',
    agent: false,
    headers: {
      'lambda-runtime-function-response-mode': 'streaming',
      'transfer-encoding': 'chunked',
    },
  })
  outgoing.on('error', () => {})
  outgoing.flushHeaders()
  return outgoing
}

test('a streamed answer reaches the SDK as payload chunks and InvokeComplete', async () => {
  await using rig = await startRig({}, spawnFixture)
  const result = await streamed(rig, 'stream', { chunks: ['one,', 'two,', 'ü'] })
  expect(result.text).toBe('one,two,ü')
  expect(result.complete.ErrorCode).toBeUndefined()
})

test('an error in the middle comes after the chunks before it', async () => {
  await using rig = await startRig({}, spawnFixture)
  const { text, complete } = await streamed(rig, 'stream', { fail: true })
  expect(text).toBe('abc')
  expect(complete.ErrorCode).toBe('Unhandled')
  expect(JSON.parse(complete.ErrorDetails ?? '')).toMatchObject({
    errorType: 'RangeError',
    errorMessage: 'in the middle',
  })
})

test('a crash in the middle ends the stream with an error', async () => {
  await using rig = await startRig({}, spawnFixture)
  const { complete } = await streamed(rig, 'stream', { crash: true })
  expect(complete.ErrorCode).toBe('Unhandled')
})

test('a function that does not stream is answered in one chunk, with the log if asked for', async () => {
  await using rig = await startRig({}, spawnFixture)
  const { text, complete } = await streamed(rig, 'print', { line: 'hello' }, 'Tail')
  expect(text).toBe('null')
  expect(Buffer.from(complete.LogResult ?? '', 'base64').toString()).toContain('\nhello\n')
})

test('an error of a function that does not stream is in InvokeComplete', async () => {
  await using rig = await startRig({}, spawnFixture)
  const { text, complete } = await streamed(rig, 'fail')
  expect(text).toBe('')
  expect(JSON.parse(complete.ErrorDetails ?? '')).toMatchObject({ errorType: 'RangeError' })
})

test('a streamed answer is put together for callers of the buffered endpoint', async () => {
  await using rig = await startRig({}, spawnFixture)
  const result = await rig.client.send(new InvokeCommand({ FunctionName: 'stream' }))
  expect(Buffer.from(result.Payload ?? []).toString()).toBe('abc')
  const failed = await rig.client.send(
    new InvokeCommand({ FunctionName: 'stream', Payload: '{"fail":true}' }),
  )
  expect(failed.FunctionError).toBe('Unhandled')
})

test('chunks are passed on while the function still works', async () => {
  await using rig = await startRig()
  const response = fetch(`${rig.url}/lambda-url/api/`)
  const { runtimeApi } = (await rig.started(1)).instance
  const { id } = await new ScriptedRuntime(runtimeApi).next()
  const outgoing = openStream(runtimeApi, id)
  outgoing.write('first')
  const reader = (await response).body?.getReader()
  const first = await reader?.read()
  expect(Buffer.from(first?.value ?? []).toString()).toBe('first')
  outgoing.end('last')
  const last = await reader?.read()
  expect(Buffer.from(last?.value ?? []).toString()).toBe('last')
  expect(await reader?.read()).toMatchObject({ done: true })
  expect(await rig.told('invocation-settled')).toMatchObject({ result: 'ok' })
})

test('a deadline in the middle breaks the stream off on both sides', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock })
  const opening = open(rig, 'api')
  const { instance } = await rig.started(1)
  const { id } = await new ScriptedRuntime(instance.runtimeApi).next()
  const outgoing = openStream(instance.runtimeApi, id)
  const closed = new Promise((resolve) => outgoing.once('close', resolve))
  outgoing.write('some')
  const result = await opening
  clock.advance(3000)
  expect(JSON.parse((await rest(result)).complete.ErrorDetails ?? '')).toMatchObject({
    errorType: 'Sandbox.Timedout',
  })
  await closed
  expect(instance.signal.aborted).toBe(true)
})

test('a caller that leaves in the middle lets the function finish its stream', async () => {
  await using rig = await startRig()
  const leaving = new AbortController()
  const response = fetch(`${rig.url}/lambda-url/api/`, { signal: leaving.signal })
  const { runtimeApi } = (await rig.started(1)).instance
  const runtime = new ScriptedRuntime(runtimeApi)
  const { id } = await runtime.next()
  const outgoing = openStream(runtimeApi, id)
  const answered = new Promise<number | undefined>((resolve) => {
    outgoing.once('response', (answer) => resolve(answer.statusCode))
  })
  outgoing.write('first')
  await (await response).body?.getReader().read()
  leaving.abort()
  // More than every buffer on the way holds: it would stop here if nobody read it.
  for (let count = 0; count < 64; count += 1) outgoing.write(Buffer.alloc(256 * 1024))
  outgoing.end()
  expect(await answered).toBe(202)
  const second = invoke(rig.url, 'api')
  await runtime.serve('second')
  expect((await second).body).toBe('"second"')
})
