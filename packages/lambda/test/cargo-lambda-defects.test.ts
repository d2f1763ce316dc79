import { connect } from 'node:net'

import { expect, test } from 'vitest'

import { ManualClock } from './manual-clock.ts'
import { startRig } from './rig.ts'
import { ScriptedRuntime, invoke } from './scripted-runtime.ts'

/**
 * What goes wrong in the emulator that most people come from, each defect named after what must
 * not happen here. (Its watching and building are not this package's.)
 */

test('concurrency does not multiply the first build', async () => {
  await using rig = await startRig({ functions: { api: { concurrency: 5 } } })
  const leaving = new AbortController()
  const callers = Array.from({ length: 20 }, () =>
    invoke(rig.url, 'api', {}, {}, leaving.signal).catch(() => undefined),
  )
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 20)
  expect(rig.starts).toHaveLength(1)
  leaving.abort()
  await Promise.all(callers)
})

test('a process that has exited does not keep its queue until somebody edits a file', async () => {
  await using rig = await startRig()
  const answer = invoke(rig.url, 'api')
  const { instance } = await rig.started(1)
  await new ScriptedRuntime(instance.runtimeApi).next()
  const waiting = invoke(rig.url, 'api')
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 1)
  instance.exited({ kind: 'code', code: 101 })
  await answer
  await new ScriptedRuntime((await rig.started(2)).instance.runtimeApi).serve('served')
  expect((await waiting).body).toBe('"served"')
})

test('a runtime that opens a new connection for every request stays one instance', async () => {
  await using rig = await startRig()
  const first = invoke(rig.url, 'api')
  const runtime = new ScriptedRuntime((await rig.started(1)).instance.runtimeApi)
  await runtime.serve(1)
  await first
  const second = invoke(rig.url, 'api')
  await runtime.serve(2)
  await second
  const [stats] = rig.emulator.stats().functions
  expect(stats?.instances).toHaveLength(1)
  expect(stats?.instances[0]?.phase).toBe('away')
})

test('two hundred requests for a function that compiles do not block another one', async () => {
  await using rig = await startRig({ functions: { slow: { queueLimit: 200 }, fast: {} } })
  const leaving = new AbortController()
  const callers = Array.from({ length: 200 }, () =>
    invoke(rig.url, 'slow', {}, {}, leaving.signal).catch(() => undefined),
  )
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 200)
  const answer = invoke(rig.url, 'fast')
  await new ScriptedRuntime((await rig.started(2)).instance.runtimeApi).serve('fast')
  expect((await answer).body).toBe('"fast"')
  leaving.abort()
  await Promise.all(callers)
})

test('an init error is not answered to a random function', async () => {
  await using rig = await startRig()
  const names = ['a', 'b', 'c', 'd']
  const answers = names.map((name) => invoke(rig.url, name))
  await rig.started(4)
  const broken = rig.starts.find(({ functionName }) => functionName === 'c')
  await new ScriptedRuntime(broken?.instance.runtimeApi ?? '').initError(
    '{"errorType":"Broken","errorMessage":"c"}',
  )
  expect((await answers[2])?.body).toContain('Broken')
  const served = rig.emulator.stats().functions.filter(({ queued }) => queued === 0)
  expect(served.map(({ name }) => name)).toEqual(['c'])
  for (const { functionName, instance } of rig.starts) {
    if (functionName !== 'c') await new ScriptedRuntime(instance.runtimeApi).serve(functionName)
  }
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
})

test('a request whose time is over is not run, and its late answer is no error of the runtime', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock, functions: { api: { queueTimeoutMs: 1000 } } })
  const expired = invoke(rig.url, 'api', { n: 1 })
  const { instance } = await rig.started(1)
  clock.advance(1000)
  expect(await expired).toMatchObject({ status: 503 })
  const answer = invoke(rig.url, 'api', { n: 2 })
  const { event } = await new ScriptedRuntime(instance.runtimeApi).serve('ok')
  expect(event).toEqual({ n: 2 })
  await answer
})

test('the deadline header is not a moment of 1970', async () => {
  await using rig = await startRig()
  const answer = invoke(rig.url, 'api')
  const { headers } = await new ScriptedRuntime((await rig.started(1)).instance.runtimeApi).serve(
    null,
  )
  await answer
  const remaining = Number(headers['lambda-runtime-deadline-ms']) - Date.now()
  expect(remaining).toBeLessThanOrEqual(3000)
  expect(remaining).toBeGreaterThan(-60_000)
})

test('the queue’s depth never falls below zero, whoever leaves when', async () => {
  await using rig = await startRig()
  const callers = Array.from({ length: 10 }, (_, n) => {
    const leaving = new AbortController()
    const answer = invoke(rig.url, 'api', { n }, {}, leaving.signal).catch(() => undefined)
    return { leaving, answer }
  })
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 10)
  for (const { leaving } of callers) leaving.abort()
  await Promise.all(callers.map(({ answer }) => answer))
  await expect
    .poll(() => rig.emulator.stats().functions[0])
    .toMatchObject({
      queued: 0,
      inFlight: 0,
      cancelled: 10,
    })
})

test('one broken request does not end the dispatching for everybody', async () => {
  await using rig = await startRig()
  const { hostname, port } = new URL(rig.url)
  for (const bytes of ['\0\0\0', 'POST / HTTP/9.9\r\n\r\n', 'GET /lambda-url/x HTTP/1.1\r\n\r\n']) {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    socket.end(bytes)
  }
  const answer = invoke(rig.url, 'api')
  await new ScriptedRuntime((await rig.started(1)).instance.runtimeApi).serve('alive')
  expect((await answer).body).toBe('"alive"')
})
