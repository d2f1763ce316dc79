import { expect, test } from 'vitest'

import { StartFailedError } from '../src/index.ts'
import { ManualClock } from './manual-clock.ts'
import { startRig } from './rig.ts'
import { ScriptedRuntime, invoke } from './scripted-runtime.ts'

/** The rig asks for instances; here the test is their runtime and decides what each does when. */

const document = ({ body }: { readonly body: string }): unknown => JSON.parse(body)

test('ten functions invoked at once are started separately and each is answered when it is ready', async () => {
  await using rig = await startRig()
  const names = Array.from({ length: 10 }, (_, index) => `fn-${index}`)
  const answers = new Map(names.map((name) => [name, invoke(rig.url, name)]))
  await rig.started(10)
  expect(rig.starts.map((start) => start.functionName).toSorted()).toEqual(names)
  // The last one is ready first; nobody waits for a stranger.
  for (const { functionName, instance } of rig.starts.toReversed()) {
    instance.started()
    await new ScriptedRuntime(instance.runtimeApi).serve({ from: functionName })
    const answer = await answers.get(functionName)
    expect(answer && document(answer)).toEqual({ from: functionName })
  }
})

test('callers that wait for one function cause one start and are served in order', async () => {
  await using rig = await startRig()
  const answers: Promise<unknown>[] = []
  for (const n of [1, 2, 3]) {
    answers.push(invoke(rig.url, 'api', { n }).then(document))
    await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === n)
  }
  const { instance } = await rig.started(1)
  const runtime = new ScriptedRuntime(instance.runtimeApi)
  const served: unknown[] = []
  for (const result of ['a', 'b', 'c']) served.push((await runtime.serve(result)).event)
  expect(served).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'c'])
  expect(rig.starts).toHaveLength(1)
})

test('ready is the first GET /next, and the init duration is measured from started()', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock, functions: { api: {} } })
  const instance = await rig.emulator.openInstance('api')
  instance.started()
  clock.advance(120)
  const stop = new AbortController()
  const poll = new ScriptedRuntime(instance.runtimeApi).next(stop.signal).catch(() => undefined)
  expect(await instance.ready).toEqual({ initDurationMs: 120 })
  expect(await rig.told('instance-ready')).toMatchObject({ initDurationMs: 120 })
  stop.abort()
  await poll
})

test('an instance that its owner opened is waited for; onInvoke is not called', async () => {
  await using rig = await startRig({ functions: { api: {} } })
  const instance = await rig.emulator.openInstance('api')
  const answer = invoke(rig.url, 'api')
  await rig.told('invocation-queued')
  await new ScriptedRuntime(instance.runtimeApi).serve('served')
  expect(document(await answer)).toBe('served')
  expect(rig.starts).toEqual([])
})

test('a start that fails answers everybody who waits, with type and message', async () => {
  const build = Promise.withResolvers<void>()
  await using rig = await startRig({}, () => build.promise)
  const answers = [invoke(rig.url, 'api'), invoke(rig.url, 'api')]
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 2)
  build.reject(new StartFailedError('BuildFailed', 'api: error[E0425]: cannot find value `x`'))
  for (const answer of await Promise.all(answers)) {
    expect(answer.status).toBe(200)
    expect(answer.headers['x-amz-function-error']).toBe('Unhandled')
    expect(document(answer)).toEqual({
      errorType: 'BuildFailed',
      errorMessage: 'api: error[E0425]: cannot find value `x`',
    })
  }
  expect(await rig.told('instance-start-failed')).toMatchObject({ errorType: 'BuildFailed' })
})

test('after a failed start the next invocation tries again', async () => {
  await using rig = await startRig({}, () => {
    throw new Error('no')
  })
  await invoke(rig.url, 'api')
  await invoke(rig.url, 'api')
  expect(rig.starts).toHaveLength(2)
})

test('an init error goes to the callers of its own function', async () => {
  await using rig = await startRig()
  const broken = invoke(rig.url, 'broken')
  const { instance } = await rig.started(1)
  const working = invoke(rig.url, 'working')
  const other = (await rig.started(2)).instance
  const runtime = new ScriptedRuntime(instance.runtimeApi)
  const told = await runtime.initError(
    JSON.stringify({ errorType: 'Runtime.ImportModuleError', errorMessage: 'no such module' }),
  )
  expect(told.status).toBe(202)
  expect(document(await broken)).toEqual({
    errorType: 'Runtime.ImportModuleError',
    errorMessage: 'no such module',
  })
  await new ScriptedRuntime(other.runtimeApi).serve('fine')
  expect(document(await working)).toBe('fine')
})

test('an invocation after an init error waits until the failed process is gone', async () => {
  await using rig = await startRig()
  const broken = invoke(rig.url, 'api')
  const { instance } = await rig.started(1)
  await new ScriptedRuntime(instance.runtimeApi).initError('{}', {
    'lambda-runtime-function-error-type': 'Runtime.Odd',
  })
  expect(document(await broken)).toMatchObject({ errorType: 'Runtime.Odd' })
  expect(instance.signal.aborted).toBe(true)
  const again = invoke(rig.url, 'api')
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 1)
  expect(rig.starts).toHaveLength(1)
  instance.exited({ kind: 'code', code: 1 })
  const second = await rig.started(2)
  await new ScriptedRuntime(second.instance.runtimeApi).serve('fine')
  expect(document(await again)).toBe('fine')
})

test('a process that dies before it asks for work answers those who wait', async () => {
  await using rig = await startRig()
  const answer = invoke(rig.url, 'api')
  const { instance } = await rig.started(1)
  instance.started()
  instance.exited({ kind: 'signal', signal: 'SIGSEGV' })
  expect(document(await answer)).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage:
      'Runtime exited with error: signal: SIGSEGV before it asked for its first invocation',
  })
  await expect(instance.ready).rejects.toMatchObject({ code: 'LAMBDA_NEVER_READY' })
})

test('a process that does not ask for work in time is given up', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock, functions: { api: { initTimeoutMs: 5000 } } })
  const answer = invoke(rig.url, 'api')
  const { instance } = await rig.started(1)
  clock.advance(60_000)
  expect(instance.signal.aborted, 'a build takes what it takes').toBe(false)
  instance.started()
  clock.advance(5000)
  expect(document(await answer)).toMatchObject({ errorType: 'Runtime.InitTimeout' })
  expect(instance.signal.reason).toMatchObject({ reason: 'init-timeout' })
})

test('a process that dies idle is replaced at the next invocation', async () => {
  await using rig = await startRig()
  const first = invoke(rig.url, 'api')
  const { instance } = await rig.started(1)
  const runtime = new ScriptedRuntime(instance.runtimeApi)
  await runtime.serve('first')
  await first
  const stop = new AbortController()
  const poll = runtime.next(stop.signal).catch(() => undefined)
  instance.exited({ kind: 'signal', signal: 'SIGKILL' })
  stop.abort()
  await poll
  expect(rig.starts, 'nothing waits, so nothing starts').toHaveLength(1)
  const second = invoke(rig.url, 'api')
  const successor = (await rig.started(2)).instance
  await new ScriptedRuntime(successor.runtimeApi).serve('second')
  expect(document(await second)).toBe('second')
})

test('a crash answers what was in flight, and who waited behind it gets another process', async () => {
  await using rig = await startRig()
  const first = invoke(rig.url, 'api')
  const { instance } = await rig.started(1)
  await new ScriptedRuntime(instance.runtimeApi).next()
  const second = invoke(rig.url, 'api')
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 1)
  instance.exited({ kind: 'signal', signal: 'SIGKILL' })
  expect(document(await first)).toMatchObject({ errorType: 'Runtime.ExitError' })
  const successor = (await rig.started(2)).instance
  await new ScriptedRuntime(successor.runtimeApi).serve('second')
  expect(document(await second)).toBe('second')
})

test('the deadline is real: the caller is answered at it and the process told to end', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock, functions: { api: { timeoutMs: 2000 } } })
  const answer = invoke(rig.url, 'api')
  const { instance } = await rig.started(1)
  clock.advance(10_000)
  const next = await new ScriptedRuntime(instance.runtimeApi).next()
  expect(Number(next.headers['lambda-runtime-deadline-ms'])).toBe(clock.now() + 2000)
  clock.advance(1999)
  expect(instance.signal.aborted).toBe(false)
  clock.advance(1)
  expect(document(await answer)).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${next.id} Error: Task timed out after 2.00 seconds`,
  })
  expect(instance.signal.reason).toMatchObject({
    code: 'LAMBDA_INSTANCE_RETIRED',
    reason: 'timeout',
  })
})

test('a successor of a timed-out process starts only when that is gone', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock })
  const first = invoke(rig.url, 'api')
  const { instance } = await rig.started(1)
  await new ScriptedRuntime(instance.runtimeApi).next()
  clock.advance(3000)
  await first
  const second = invoke(rig.url, 'api')
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 1)
  expect(rig.starts).toHaveLength(1)
  instance.exited({ kind: 'signal', signal: 'SIGKILL' })
  await new ScriptedRuntime((await rig.started(2)).instance.runtimeApi).serve('second')
  expect(document(await second)).toBe('second')
})

test('a full queue is answered with 429 and the reason', async () => {
  await using rig = await startRig({ functions: { api: { queueLimit: 1 } } })
  const first = invoke(rig.url, 'api')
  const { instance } = await rig.started(1)
  const second = await invoke(rig.url, 'api')
  expect(second.status).toBe(429)
  expect(second.headers['x-amzn-errortype']).toBe('TooManyRequestsException')
  expect(document(second)).toMatchObject({
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    message: 'Rate Exceeded: 1 invocations of api are waiting already (queueLimit)',
  })
  await new ScriptedRuntime(instance.runtimeApi).serve('first')
  expect(document(await first)).toBe('first')
})

test('an event is refused too when the queue is full', async () => {
  await using rig = await startRig({ functions: { api: { queueLimit: 0 } } })
  const answer = await invoke(rig.url, 'api', {}, { 'x-amz-invocation-type': 'Event' })
  expect(answer.status).toBe(429)
})

test('who has waited too long is answered with 503', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock, functions: { api: { queueTimeoutMs: 60_000 } } })
  const answer = invoke(rig.url, 'api')
  await rig.started(1)
  clock.advance(60_000)
  expect(await answer).toMatchObject({ status: 503 })
  expect(rig.emulator.stats().functions[0]).toMatchObject({ queued: 0, refused: 1 })
})

test('who has waited too long is told what held the start', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock, functions: { api: { queueTimeoutMs: 1000 } } })
  const answer = invoke(rig.url, 'api')
  const { instance } = await rig.started(1)
  instance.held('waits for db to be ready')
  expect(rig.emulator.stats().functions[0]?.instances[0]?.held).toBe('waits for db to be ready')
  clock.advance(1000)
  expect((await answer).body).toContain('(queueTimeoutMs): waits for db to be ready')
})

test('a caller that leaves while it waits is never run', async () => {
  await using rig = await startRig()
  const leaving = new AbortController()
  const left = invoke(rig.url, 'api', { n: 1 }, {}, leaving.signal).catch(() => 'left')
  const { instance } = await rig.started(1)
  const stays = invoke(rig.url, 'api', { n: 2 })
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 2)
  leaving.abort()
  expect(await left).toBe('left')
  expect(await rig.told('invocation-settled')).toMatchObject({ result: 'cancelled' })
  const next = await new ScriptedRuntime(instance.runtimeApi).serve('ok')
  expect(next.event).toEqual({ n: 2 })
  expect(document(await stays)).toBe('ok')
  expect(rig.emulator.stats().functions[0]).toMatchObject({ cancelled: 1, succeeded: 1, queued: 0 })
})

test('a caller that leaves in the middle does not disturb the function', async () => {
  await using rig = await startRig()
  const leaving = new AbortController()
  const left = invoke(rig.url, 'api', {}, {}, leaving.signal).catch(() => 'left')
  const { instance } = await rig.started(1)
  const runtime = new ScriptedRuntime(instance.runtimeApi)
  const next = await runtime.next()
  leaving.abort()
  await left
  expect(await runtime.respond(next.id, '"done"')).toMatchObject({ status: 202 })
  const second = invoke(rig.url, 'api')
  await runtime.serve('second')
  expect(document(await second)).toBe('second')
})

test('more instances come, one at a time, only while invocations are left over', async () => {
  await using rig = await startRig({ functions: { api: { concurrency: 3 } } })
  const answers = [1, 2, 3, 4].map((n) => invoke(rig.url, 'api', { n }).then(document))
  await rig.told('invocation-queued', () => rig.emulator.stats().functions[0]?.queued === 4)
  expect(rig.starts, 'the first build is not multiplied').toHaveLength(1)
  const runtimes: ScriptedRuntime[] = []
  const taken: string[] = []
  for (const count of [1, 2, 3]) {
    const runtime = new ScriptedRuntime((await rig.started(count)).instance.runtimeApi)
    runtimes.push(runtime)
    taken.push((await runtime.next()).id)
  }
  expect(rig.emulator.stats().functions[0]).toMatchObject({ inFlight: 3, queued: 1 })
  for (const [index, runtime] of runtimes.entries()) {
    await runtime.respond(taken[index] ?? '', String(index))
  }
  await runtimes[0]?.serve(9)
  expect(new Set(await Promise.all(answers))).toEqual(new Set([0, 1, 2, 9]))
  expect(rig.starts).toHaveLength(3)
})

test('a second instance that cannot start does not take down what the first one serves', async () => {
  let count = 0
  await using rig = await startRig({ functions: { api: { concurrency: 2 } } }, () => {
    count += 1
    if (count === 2) throw new Error('no second one')
  })
  const first = invoke(rig.url, 'api')
  const runtime = new ScriptedRuntime((await rig.started(1)).instance.runtimeApi)
  const next = await runtime.next()
  const second = invoke(rig.url, 'api')
  await rig.told('instance-start-failed')
  await runtime.respond(next.id, '1')
  await runtime.serve(2)
  expect([document(await first), document(await second)]).toEqual([1, 2])
  expect(rig.starts).toHaveLength(2)
})
