import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { findSession } from '@singletrack/orchestrator'
import { expect, test } from 'vitest'

import { freePorts } from './support/free-ports.ts'
import { functionWorkspace } from './support/function-workspace.ts'
import { Workspace } from './support/workspace.ts'

test('a function that a debugger starts is built, never started, and answers when it is there', async () => {
  await using workspace = functionWorkspace({
    hello: {
      start: 'external',
      env: { MODE: 'debug' },
      run: { command: ['node', 'dist/hello.mjs'], ready: { lambda: true } },
    },
  })
  await using session = workspace.run(['watch', '--json'])
  const listening = await session.event(({ type }) => type === 'listening')
  const found = await findSession(workspace.root)
  if (found.kind !== 'connected') throw new Error(`the session is ${found.kind}`)
  await using client = found.client
  await client.request('build', { targets: ['hello'], fresh: false })
  const { env, cwd } = await client.request('env', { target: 'hello' })
  expect(env).toMatchObject({ MODE: 'debug', AWS_LAMBDA_FUNCTION_NAME: 'hello' })
  expect((await client.request('env', { target: 'hello' })).env).toEqual(env)
  const debugged = spawn(process.execPath, ['dist/hello.mjs'], {
    cwd,
    env: { ...process.env, ...env },
    stdio: 'ignore',
  })
  try {
    const url = listening.type === 'listening' ? listening.url : ''
    const answer = await fetch(`${url}/2015-03-31/functions/hello/invocations`, {
      method: 'POST',
      body: '{}',
    })
    expect(await answer.json()).toMatchObject({ function: 'hello', pid: debugged.pid })
    expect((await client.request('status', {})).targets[0]?.run).toEqual({ kind: 'external' })
  } finally {
    debugged.kill()
    await once(debugged, 'exit')
  }
})

test('run.debug opens an inspector and says where, and readiness is not hurried', async () => {
  const [port = 0] = await freePorts(1)
  await using workspace = Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        api: {
          run: {
            command: ['node', 'server.mjs'],
            port,
            ready: { http: '/', timeout: '1ms' },
            debug: true,
          },
        },
      },
    }),
    'server.mjs': `import { createServer } from 'node:http'
setTimeout(() => createServer((_, response) => response.end('ok')).listen(process.env.PORT), 300)
`,
  })
  await using session = workspace.run(['watch', '--json'])
  const inspector = await session.event(({ type }) => type === 'inspector')
  const address = inspector.type === 'inspector' ? inspector.address : ''
  const { host } = new URL(address)
  const list = (await (await fetch(`http://${host}/json/list`)).json()) as readonly unknown[]
  expect(list[0]).toMatchObject({ webSocketDebuggerUrl: address })
  await session.event(({ type }) => type === 'ready')
  const status = workspace.run(['status', '--json'])
  await status.end()
  expect(JSON.parse(status.stdout)).toMatchObject({ targets: [{ inspector: address }] })
})
