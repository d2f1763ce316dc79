import { InvokeCommand, type InvokeCommandInput } from '@aws-sdk/client-lambda'
import { expect, test } from 'vitest'

import { record } from './record.ts'
import { type Rig, spawnFixture, startRig } from './rig.ts'

/** The AWS SDK, as it is published, against functions that are real processes. */
const startFunctions = (): Promise<Rig> => {
  const names = ['echo', 'fail', 'print', 'crash', 'large']
  const functions = Object.fromEntries(names.map((name) => [name, { timeoutMs: 60_000 }]))
  return startRig({ functions }, spawnFixture)
}

async function invoke(
  { client }: Rig,
  name: string,
  event: unknown,
  more: Partial<InvokeCommandInput> = {},
) {
  const result = await client.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), ...more }),
  )
  const text = Buffer.from(result.Payload ?? []).toString('utf8')
  return { ...result, document: text === '' ? undefined : (JSON.parse(text) as unknown) }
}

test('the first invocation starts the function and is answered by it', async () => {
  await using rig = await startFunctions()
  const result = await invoke(rig, 'echo', { a: 1 })
  expect(result).toMatchObject({
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    document: { event: { a: 1 } },
  })
  expect(result.FunctionError).toBeUndefined()
})

test('a second invocation is answered by the same process', async () => {
  await using rig = await startFunctions()
  const first = await invoke(rig, 'echo', {})
  const second = await invoke(rig, 'echo', {})
  expect(second.document).toMatchObject({ pid: record(first.document)['pid'] })
  expect(rig.children).toHaveLength(1)
})

test('the function gets request id, ARN, deadline, trace and client context', async () => {
  await using rig = await startFunctions()
  const before = Date.now()
  const context = { custom: { größe: '✓' }, client: { app_title: 'x' } }
  const result = await invoke(
    rig,
    'echo',
    {},
    {
      ClientContext: Buffer.from(JSON.stringify(context)).toString('base64'),
    },
  )
  const headers = record(record(result.document)['headers'])
  expect(headers['lambda-runtime-aws-request-id']).toBe(result.$metadata.requestId)
  expect(headers['lambda-runtime-invoked-function-arn']).toBe(
    'arn:aws:lambda:us-east-1:000000000000:function:echo',
  )
  expect(headers['lambda-runtime-trace-id']).toMatch(/^Root=1-[\da-f]{8}-[\da-f]{24};Parent=/)
  expect(JSON.parse(String(headers['lambda-runtime-client-context']))).toEqual(context)
  const deadline = Number(headers['lambda-runtime-deadline-ms'])
  expect(deadline).toBeGreaterThanOrEqual(before + 60_000)
  expect(deadline).toBeLessThanOrEqual(Date.now() + 60_000)
})

test('a function is found by its ARN, and its alias is part of the ARN it is told', async () => {
  await using rig = await startFunctions()
  const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:echo'
  const result = await invoke(rig, arn, {}, { Qualifier: 'live' })
  const headers = record(record(result.document)['headers'])
  expect(headers['lambda-runtime-invoked-function-arn']).toBe(
    'arn:aws:lambda:us-east-1:000000000000:function:echo:live',
  )
})

test('an error of the handler comes with its type, message and stack', async () => {
  await using rig = await startFunctions()
  const result = await invoke(rig, 'fail', {})
  expect(result).toMatchObject({
    StatusCode: 200,
    FunctionError: 'Unhandled',
    document: { errorType: 'RangeError', errorMessage: 'out of range' },
  })
})

test('an event is accepted at once and run afterwards', async () => {
  await using rig = await startFunctions()
  const result = await invoke(rig, 'echo', { a: 1 }, { InvocationType: 'Event' })
  expect(result).toMatchObject({ StatusCode: 202 })
  expect(await rig.told('invocation-settled')).toMatchObject({ result: 'ok' })
})

test('a dry run starts nothing', async () => {
  await using rig = await startFunctions()
  const result = await invoke(rig, 'echo', {}, { InvocationType: 'DryRun' })
  expect(result).toMatchObject({ StatusCode: 204 })
  expect(rig.starts).toEqual([])
})

test('the end of the log is sent to callers that ask for it', async () => {
  await using rig = await startFunctions()
  const result = await invoke(rig, 'print', { line: 'x'.repeat(5000) }, { LogType: 'Tail' })
  const log = Buffer.from(result.LogResult ?? '', 'base64').toString('utf8')
  expect(log.length).toBeLessThanOrEqual(4096)
  expect(log).toMatch(/x{2000}\nEND RequestId: [\da-f-]{36}\nREPORT RequestId: /)
  const short = await invoke(rig, 'print', { line: 'hello' }, { LogType: 'Tail' })
  expect(Buffer.from(short.LogResult ?? '', 'base64').toString('utf8')).toMatch(
    /^START RequestId: [\da-f-]{36} Version: \$LATEST\nhello\nEND/,
  )
})

test('the log of one invocation must not be that of another, however closely they follow', async () => {
  await using rig = await startFunctions()
  const lines = Array.from({ length: 10 }, (_, index) => `line ${index}`)
  const logs = await Promise.all(
    lines.map(async (line) => {
      const result = await invoke(rig, 'print', { line }, { LogType: 'Tail' })
      return Buffer.from(result.LogResult ?? '', 'base64').toString('utf8')
    }),
  )
  expect(logs.map((log) => log.split('\n')[1])).toEqual(lines)
})

test('the init duration is part of the first report and of no other', async () => {
  await using rig = await startFunctions()
  const log = async (): Promise<string> => {
    const result = await invoke(rig, 'print', { line: 'x' }, { LogType: 'Tail' })
    return Buffer.from(result.LogResult ?? '', 'base64').toString('utf8')
  }
  expect(await log()).toMatch(/Init Duration: \d+\.\d\d ms/)
  expect(await log()).not.toContain('Init Duration')
})

test('no payload is an empty object', async () => {
  await using rig = await startFunctions()
  const result = await rig.client.send(new InvokeCommand({ FunctionName: 'echo' }))
  expect(JSON.parse(Buffer.from(result.Payload ?? []).toString())).toMatchObject({ event: {} })
})

test('an answer of more than 6 MB is an error of the function', async () => {
  await using rig = await startFunctions()
  expect(await invoke(rig, 'large', { bytes: 6 * 1024 * 1024 - 2 })).toMatchObject({
    StatusCode: 200,
  })
  expect(await invoke(rig, 'large', { bytes: 7 * 1024 * 1024 })).toMatchObject({
    FunctionError: 'Unhandled',
    document: { errorType: 'Function.ResponseSizeTooLarge' },
  })
})

test('a process that exits in the middle answers its caller, and the next call starts another', async () => {
  await using rig = await startFunctions()
  expect(await invoke(rig, 'crash', {})).toMatchObject({
    FunctionError: 'Unhandled',
    document: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Runtime exited with error: exit status 3$/),
    },
  })
  await invoke(rig, 'crash', {})
  expect(rig.starts).toHaveLength(2)
})

test('service errors are the exceptions of the SDK', async () => {
  await using rig = await startRig({ functions: { echo: {} } }, spawnFixture)
  const failure = (input: InvokeCommandInput): Promise<unknown> =>
    rig.client.send(new InvokeCommand(input)).catch((error: unknown) => error)
  expect(await failure({ FunctionName: 'missing' })).toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Function not found: missing; there are echo',
  })
  expect(await failure({ FunctionName: 'echo', Payload: 'not json' })).toMatchObject({
    name: 'InvalidRequestContentException',
  })
  const large = JSON.stringify('x'.repeat(6 * 1024 * 1024))
  expect(await failure({ FunctionName: 'echo', Payload: large })).toMatchObject({
    name: 'RequestTooLargeException',
    message: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
  })
  const event = JSON.stringify('x'.repeat(1024 * 1024))
  expect(
    await failure({ FunctionName: 'echo', Payload: event, InvocationType: 'Event' }),
  ).toMatchObject({ name: 'RequestTooLargeException' })
  expect(rig.starts).toEqual([])
})
