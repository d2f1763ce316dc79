import { expect, test } from 'vitest'

import { ManualClock } from './manual-clock.ts'
import { type Rig, startRig } from './rig.ts'
import { ScriptedRuntime, invoke } from './scripted-runtime.ts'

/** The first instance of `api`, asked for by an invocation that it has. */
async function busyInstance(rig: Rig) {
  const answer = invoke(rig.url, 'api', { n: 1 })
  const { instance } = await rig.started(1)
  const runtime = new ScriptedRuntime(instance.runtimeApi)
  return { answer, instance, runtime, next: await runtime.next() }
}

/** The first instance of `api`, after one invocation, waiting for the next. */
async function idleInstance(rig: Rig) {
  const { answer, instance, runtime, next } = await busyInstance(rig)
  await runtime.respond(next.id, '"first"')
  await answer
  const stop = new AbortController()
  const poll = runtime.next(stop.signal).catch(() => undefined)
  const polling = (): boolean =>
    rig.emulator.stats().functions[0]?.instances[0]?.phase === 'polling'
  await expect.poll(polling).toBe(true)
  return { instance, poll, stop: () => stop.abort() }
}

test('a drain lets the request in flight finish and gives the old process no other', async () => {
  await using rig = await startRig()
  const { answer, instance, runtime, next } = await busyInstance(rig)
  const drained = rig.emulator.drain('api')
  const later = invoke(rig.url, 'api', { n: 2 })
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 1)
  expect(instance.signal.aborted, 'it still works').toBe(false)
  await runtime.respond(next.id, '"old"')
  await drained
  expect((await answer).body).toBe('"old"')
  expect(instance.signal.reason).toMatchObject({ reason: 'drained' })
  expect(rig.starts, 'the old one is not gone yet').toHaveLength(1)

  instance.exited({ kind: 'signal', signal: 'SIGTERM' })
  const successor = await rig.started(2)
  const served = await new ScriptedRuntime(successor.instance.runtimeApi).serve('new')
  expect(served.event).toEqual({ n: 2 })
  expect((await later).body).toBe('"new"')
})

test('a drain ends at the deadline of what is in flight', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock })
  const { answer, instance } = await busyInstance(rig)
  const drained = rig.emulator.drain('api')
  clock.advance(3000)
  await drained
  expect((await answer).body).toContain('Sandbox.Timedout')
  expect(instance.signal.aborted).toBe(true)
})

test('a drain of a function at rest is done at once', async () => {
  await using rig = await startRig()
  const { instance, stop, poll } = await idleInstance(rig)
  await rig.emulator.drain('api')
  expect(instance.signal.reason).toMatchObject({ reason: 'drained' })
  stop()
  await poll
})

test('a drain keeps the instance that is still being built: it is the successor', async () => {
  await using rig = await startRig({ functions: { api: {} } })
  const instance = await rig.emulator.openInstance('api')
  await rig.emulator.drain('api')
  expect(instance.signal.aborted).toBe(false)
})

test('an instance is retired after idleMs of quiet, and the next invocation starts another', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock, functions: { api: { idleMs: 60_000 } } })
  const { instance, stop, poll } = await idleInstance(rig)
  clock.advance(59_999)
  expect(instance.signal.aborted).toBe(false)
  clock.advance(1)
  expect(instance.signal.reason).toMatchObject({ reason: 'idle' })
  const answer = invoke(rig.url, 'api')
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 1)
  instance.exited({ kind: 'code', code: 0 })
  await new ScriptedRuntime((await rig.started(2)).instance.runtimeApi).serve('again')
  expect((await answer).body).toBe('"again"')
  stop()
  await poll
})

test('an instance at work is not idle, however long it takes', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({
    clock,
    functions: { api: { idleMs: 1000, timeoutMs: 900_000 } },
  })
  const { answer, instance, runtime, next } = await busyInstance(rig)
  clock.advance(600_000)
  expect(instance.signal.aborted).toBe(false)
  await runtime.respond(next.id, '"late"')
  expect((await answer).body).toBe('"late"')
})

test('retireIdle() decides and closes in one step', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock })
  const { instance, stop, poll } = await idleInstance(rig)
  clock.advance(500)
  expect(rig.emulator.retireIdle('api', 1000)).toBe(false)
  clock.advance(500)
  expect(rig.emulator.retireIdle('api', 1000)).toBe(true)
  expect(instance.signal.aborted).toBe(true)
  expect(rig.emulator.retireIdle('api', 1000), 'there is nothing left').toBe(false)
  stop()
  await poll
})

test('an instance that stops asking while somebody waits is given up', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock })
  const { answer, instance, runtime, next } = await busyInstance(rig)
  await runtime.respond(next.id, '"first"')
  await answer
  const waiting = invoke(rig.url, 'api')
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 1)
  clock.advance(10_000)
  expect(instance.signal.reason).toMatchObject({ reason: 'unresponsive' })
  instance.exited({ kind: 'signal', signal: 'SIGKILL' })
  await new ScriptedRuntime((await rig.started(2)).instance.runtimeApi).serve('second')
  expect((await waiting).body).toBe('"second"')
})

test('configure() disturbs neither what is in flight nor what waits', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock, functions: { api: {} } })
  const { answer, instance, runtime, next } = await busyInstance(rig)
  const waiting = invoke(rig.url, 'api', { n: 2 })
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 1)
  rig.emulator.configure('api', { timeoutMs: 60_000, queueLimit: 1 })
  expect(await invoke(rig.url, 'api'), 'the new limit of the queue').toMatchObject({ status: 429 })
  await runtime.respond(next.id, '"first"')
  expect((await answer).body).toBe('"first"')
  const second = await runtime.next()
  expect(Number(second.headers['lambda-runtime-deadline-ms'])).toBe(clock.now() + 60_000)
  await runtime.respond(second.id, '"second"')
  expect((await waiting).body).toBe('"second"')
  expect(instance.signal.aborted).toBe(false)
  expect(rig.starts).toHaveLength(1)
})

test('configure() names what is wrong and changes nothing', async () => {
  await using rig = await startRig({ functions: { api: { queueLimit: 0 } } })
  expect(() => rig.emulator.configure('api', { timeoutMs: 0 })).toThrow('timeoutMs of function api')
  expect(() => rig.emulator.configure('other', {})).toThrow('Function not found: other')
  expect(await invoke(rig.url, 'api'), 'the queue limit is the old one').toMatchObject({
    status: 429,
  })
})

test('unregister() answers who waits and ends the instances', async () => {
  await using rig = await startRig({ functions: { api: {} } })
  const { answer, instance } = await busyInstance(rig)
  rig.emulator.unregister('api')
  expect(await answer).toMatchObject({ status: 503 })
  expect(instance.signal.reason).toMatchObject({ reason: 'closed' })
  expect(await invoke(rig.url, 'api')).toMatchObject({ status: 404 })
})

test('close() answers every caller, ends every instance and is final', async () => {
  const rig = await startRig()
  const { answer, instance } = await busyInstance(rig)
  const waiting = invoke(rig.url, 'api')
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 1)
  const closing = rig.emulator.close()
  expect(rig.emulator.close()).toBe(closing)
  expect(await answer).toMatchObject({ status: 503 })
  expect(await waiting).toMatchObject({ status: 503 })
  await closing
  expect(instance.signal.reason).toMatchObject({ reason: 'closed' })
  await expect(invoke(rig.url, 'api')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(() => rig.emulator.register('other')).toThrow('the emulator is closed')
  instance.exited({ kind: 'code', code: 0 })
  rig.client.destroy()
})
