import { join } from 'node:path'

import { InvokeCommand, InvokeWithResponseStreamCommand } from '@aws-sdk/client-lambda'
import { expect, test } from 'vitest'

import { type Rig, spawnRuntime, startRig } from './rig.ts'
import { skip } from './skip.ts'

/**
 * The Node runtime client of AWS itself. Installing it compiles curl, a C++ library and a native
 * addon for some minutes, so it is not among the dependencies; name an installed one to run this.
 */
const installed = process.env['SINGLETRACK_TEST_RIC']
const reason =
  'installing aws-lambda-ric compiles for minutes; set SINGLETRACK_TEST_RIC to its folder'

const functions = join(import.meta.dirname, 'fixtures/ric')

const startRic = (folder: string): Promise<Rig> =>
  startRig({}, ({ functionName, instance }, children) => {
    const command = [join(folder, 'index.mjs')]
    children.push(spawnRuntime(instance, functions, command, functionName))
  })

async function invoke({ client }: Rig, FunctionName: string, event: unknown = {}) {
  const ClientContext = Buffer.from('{"custom":{"a":1}}').toString('base64')
  const Payload = JSON.stringify(event)
  const result = await client.send(new InvokeCommand({ FunctionName, Payload, ClientContext }))
  const document = JSON.parse(Buffer.from(result.Payload ?? []).toString()) as unknown
  return { error: result.FunctionError, document }
}

test('aws-lambda-ric serves a handler', async (context) => {
  if (installed === undefined) return skip(context, reason)
  await using rig = await startRic(installed)
  expect(await invoke(rig, 'echo', { a: 'ü' })).toEqual({
    error: undefined,
    document: {
      event: { a: 'ü' },
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
      remainingMs: expect.any(Number),
      clientContext: { custom: { a: 1 } },
    },
  })
})

test('aws-lambda-ric reports an error of the handler, and one of its loading', async (context) => {
  if (installed === undefined) return skip(context, reason)
  await using rig = await startRic(installed)
  expect(await invoke(rig, 'fail')).toMatchObject({
    error: 'Unhandled',
    document: { errorType: 'RangeError', errorMessage: 'out of range' },
  })
  expect(await invoke(rig, 'missing')).toMatchObject({
    error: 'Unhandled',
    document: { errorType: 'Runtime.HandlerNotFound' },
  })
})

test('aws-lambda-ric streams, and fails in the middle', async (context) => {
  if (installed === undefined) return skip(context, reason)
  await using rig = await startRic(installed)
  const streamed = async (event: unknown) => {
    const command = { FunctionName: 'stream', Payload: JSON.stringify(event) }
    const result = await rig.client.send(new InvokeWithResponseStreamCommand(command))
    let text = ''
    let details: string | undefined
    for await (const { PayloadChunk, InvokeComplete } of result.EventStream ?? []) {
      text += Buffer.from(PayloadChunk?.Payload ?? []).toString()
      details = InvokeComplete?.ErrorDetails ?? details
    }
    return { text, details }
  }
  expect(await streamed({})).toEqual({ text: 'one,two', details: undefined })
  const failed = await streamed({ fail: true })
  expect(failed.text).toBe('one,two')
  expect(failed.details).toContain('in the middle')
})
