import { expect, test } from 'vitest'

import { ManualClock } from './manual-clock.ts'
import { startRig } from './rig.ts'
import { ScriptedRuntime, invoke } from './scripted-runtime.ts'

test('a late answer is accepted and dropped: the runtime has done nothing wrong', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock })
  const answer = invoke(rig.url, 'api')
  const runtime = new ScriptedRuntime((await rig.started(1)).instance.runtimeApi)
  const { id } = await runtime.next()
  clock.advance(3000)
  expect((await answer).body).toContain('Sandbox.Timedout')
  expect(await runtime.respond(id, '"late"')).toMatchObject({ status: 202 })
})

test('an answer to an invocation of another instance is refused', async () => {
  await using rig = await startRig()
  const answers = [invoke(rig.url, 'one'), invoke(rig.url, 'two')]
  const runtimes = [1, 2].map(
    async (count) => new ScriptedRuntime((await rig.started(count)).instance.runtimeApi),
  )
  const [one, two] = await Promise.all(runtimes)
  if (one === undefined || two === undefined) throw new Error('both are started')
  const [first, second] = [await one.next(), await two.next()]
  expect(await one.respond(second.id, '"forged"')).toMatchObject({ status: 400 })
  await one.respond(first.id, '1')
  await two.respond(second.id, '2')
  expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(['1', '2'])
})

test('an error without a body still has a type', async () => {
  await using rig = await startRig()
  const answer = invoke(rig.url, 'api')
  const runtime = new ScriptedRuntime((await rig.started(1)).instance.runtimeApi)
  await runtime.fail((await runtime.next()).id, '')
  expect(await answer).toMatchObject({
    status: 200,
    body: '{"errorType":"Unhandled","errorMessage":""}',
  })
})

test('a runtime that asks again without having answered gives up what it had', async () => {
  await using rig = await startRig()
  const first = invoke(rig.url, 'api')
  const runtime = new ScriptedRuntime((await rig.started(1)).instance.runtimeApi)
  await runtime.next()
  const stop = new AbortController()
  const poll = runtime.next(stop.signal).catch(() => undefined)
  expect((await first).body).toContain('Runtime.NoResponse')
  stop.abort()
  await poll
})

test('a second GET /next replaces the first', async () => {
  await using rig = await startRig({ functions: { api: {} } })
  const instance = await rig.emulator.openInstance('api')
  const runtime = new ScriptedRuntime(instance.runtimeApi)
  const first = runtime.next().catch((error: unknown) => error)
  await instance.ready
  const second = runtime.next()
  expect(await first).toMatchObject({ code: 'ECONNRESET' })
  const answer = invoke(rig.url, 'api')
  await runtime.respond((await second).id, '"ok"')
  expect((await answer).body).toBe('"ok"')
})

test('a process started by hand serves its function through the shared address', async () => {
  await using rig = await startRig({ functions: { api: { start: 'external' } } })
  const answer = invoke(rig.url, 'api')
  await rig.told('invocation-queued')
  expect(rig.starts, 'nobody but the user starts it').toEqual([])
  const runtime = new ScriptedRuntime(`${rig.url.replace('http://', '')}/api`)
  await runtime.serve('by hand')
  expect((await answer).body).toBe('"by hand"')
})

test('a debugged process that was restarted serves again', async () => {
  await using rig = await startRig({ functions: { api: { start: 'external' } } })
  const api = `${rig.url.replace('http://', '')}/api`
  const stop = new AbortController()
  const killed = new ScriptedRuntime(api).next(stop.signal).catch(() => 'killed')
  const instances = (): number => rig.emulator.stats().functions[0]?.instances.length ?? 0
  await expect.poll(instances).toBe(1)
  stop.abort()
  expect(await killed).toBe('killed')
  await expect.poll(instances).toBe(0)
  const answer = invoke(rig.url, 'api')
  await new ScriptedRuntime(api).serve('again')
  expect((await answer).body).toBe('"again"')
})

test('the variables are those that a runtime expects', async () => {
  await using rig = await startRig({ functions: { api: { memoryMb: 512 } }, region: 'eu-west-1' })
  const { env, runtimeApi } = await rig.emulator.openInstance('api')
  expect(env).toEqual({
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: 'api',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/api',
    AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(
      /^\d{4}\/\d\d\/\d\d\/\[\$LATEST][\da-f]{32}$/,
    ),
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
  })
  expect(runtimeApi, 'aws-lambda-ric takes no path').toMatch(/^127\.0\.0\.1:\d+$/)
})

test('a debugger’s process may come and go on the same host and port', async () => {
  await using rig = await startRig({ functions: { api: { start: 'external' } } })
  await using api = await rig.emulator.openRuntimeApi('api')
  expect(api.env).toMatchObject({ AWS_LAMBDA_RUNTIME_API: api.runtimeApi })
  for (const life of ['first', 'second']) {
    const answer = invoke(rig.url, 'api')
    await new ScriptedRuntime(api.runtimeApi).serve(life)
    expect((await answer).body).toBe(JSON.stringify(life))
  }
  expect(rig.starts).toEqual([])
})

test('a process that was held at a breakpoint past its deadline goes on working', async () => {
  const clock = new ManualClock()
  await using rig = await startRig({ clock, functions: { api: { start: 'external' } } })
  const { runtimeApi } = await rig.emulator.openRuntimeApi('api')
  const runtime = new ScriptedRuntime(runtimeApi)
  const first = invoke(rig.url, 'api')
  const { id } = await runtime.next()
  clock.advance(3000)
  expect((await first).body).toContain('Sandbox.Timedout')
  expect(await runtime.respond(id, '"late"')).toMatchObject({ status: 202 })
  const second = invoke(rig.url, 'api')
  await runtime.serve('second')
  expect((await second).body).toBe('"second"')
})
