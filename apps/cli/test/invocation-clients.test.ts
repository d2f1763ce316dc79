import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { expect, test } from 'vitest'

import { openFunctions } from './support/function-session.ts'
import { functionWorkspace } from './support/function-workspace.ts'

const CLIENT = join(import.meta.dirname, 'fixtures/sdk-client.mjs')

/** What the AWS SDK, unmodified and in a process of its own, says line by line. */
async function* sdk(
  endpoint: string,
  operation: 'invoke' | 'stream',
  input: Readonly<Record<string, unknown>>,
): AsyncGenerator<Record<string, unknown>, void, undefined> {
  const args = [CLIENT, endpoint, operation, JSON.stringify({ FunctionName: 'hello', ...input })]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface(child.stdout)) yield JSON.parse(line)
}

async function invoke(
  endpoint: string,
  input: Readonly<Record<string, unknown>> = {},
): Promise<Record<string, unknown>> {
  let said: Record<string, unknown> = {}
  for await (const line of sdk(endpoint, 'invoke', input)) said = line
  return said
}

test('the AWS SDK invokes: an answer with its log, an event, a dry run, an error', async () => {
  await using workspace = functionWorkspace({ hello: {} })
  await using opened = await openFunctions(workspace)
  const { session, endpoint } = opened

  expect(await invoke(endpoint, { InvocationType: 'DryRun' })).toMatchObject({ StatusCode: 204 })
  expect(session.events().map(({ type }) => type)).not.toContain('build-started')

  const Payload = { name: 'Ada', print: 'a line of the log' }
  const answer = await invoke(endpoint, { Payload, LogType: 'Tail' })
  expect(answer).toMatchObject({
    StatusCode: 200,
    log: expect.stringMatching(/\na line of the log\nEND RequestId: .*\tInit Duration: [\d.]+ ms/s),
  })
  expect(JSON.parse(String(answer['payload']))).toMatchObject({ function: 'hello', event: Payload })

  expect(await invoke(endpoint, { InvocationType: 'Event' })).toMatchObject({ StatusCode: 202 })
  expect(await invoke(endpoint, { Payload: { fail: 'no' } })).toMatchObject({
    FunctionError: 'Unhandled',
    payload: '{"errorType":"Oops","errorMessage":"no"}',
  })
  expect(await invoke(endpoint, { FunctionName: 'hallo' })).toEqual({
    error: 'ResourceNotFoundException',
    message: 'Function not found: hallo; there are hello',
  })
})

test('the AWS SDK reads a streamed answer while the function still works', async () => {
  await using workspace = functionWorkspace({ hello: { invocation: { timeout: '1m' } } })
  await using opened = await openFunctions(workspace)
  const gate = join(workspace.root, 'gate')
  const said: Record<string, unknown>[] = []
  for await (const line of sdk(opened.endpoint, 'stream', {
    Payload: { stream: ['first ', 'last'], gate },
  })) {
    said.push(line)
    // Only now may the function send the rest.
    if (said.length === 1) workspace.write('gate', '')
  }
  expect(said).toEqual([{ chunk: 'first ' }, { chunk: 'last' }, { complete: {} }])
})
