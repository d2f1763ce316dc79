import { expect, test } from 'vitest'

import {
  answersAs,
  endpointOf,
  functionCrate,
  functionsWorkspace,
  invoke,
} from './support/cargo-functions.ts'
import { hasCargo, plainCargo, printed, server, targetsOf } from './support/cargo-workspace.ts'
import type { Program } from './support/program.ts'
import type { Workspace } from './support/workspace.ts'

/** A session without a configuration of ours. */
const watchAll = (workspace: Workspace): Program =>
  workspace.run(['watch', '--all', '--json'], plainCargo)

test.skipIf(!hasCargo)(
  'functions are found without a configuration, and neither built nor started before they are invoked',
  async () => {
    await using workspace = functionsWorkspace(
      ['hello', 'checkout'],
      functionCrate('hello'),
      functionCrate('checkout'),
    )
    await using session = watchAll(workspace)
    await session.event(({ type }) => type === 'settled')
    expect(targetsOf(session, 'queued')).toEqual([])
    expect(await invoke(workspace, 'hello', { name: 'Ada' })).toEqual({
      function: 'hello',
      version: '1',
      env: [],
      event: { name: 'Ada' },
    })
    expect(targetsOf(session, 'build-succeeded')).toEqual(['hello'])
    expect(session.stdout).not.toContain('Blocking waiting for file lock')
  },
)

test.skipIf(!hasCargo)('two that are invoked at once are both answered', async () => {
  await using workspace = functionsWorkspace(
    ['hello', 'checkout'],
    functionCrate('hello'),
    functionCrate('checkout'),
  )
  await using session = watchAll(workspace)
  await session.event(({ type }) => type === 'settled')
  const answers = await Promise.all([invoke(workspace, 'hello'), invoke(workspace, 'checkout')])
  expect(answers).toMatchObject([{ function: 'hello' }, { function: 'checkout' }])
  expect(session.stdout).not.toContain('Blocking waiting for file lock')
})

test.skipIf(!hasCargo)('a program beside the functions is built and started at once', async () => {
  await using workspace = functionsWorkspace(
    ['hello', 'worker'],
    functionCrate('hello'),
    server('worker'),
  )
  await using session = watchAll(workspace)
  await printed(session, 'worker', 'worker 1')
  await session.event(({ type }) => type === 'settled')
  expect(targetsOf(session, 'build-started')).toEqual(['worker'])
})

test.skipIf(!hasCargo)('an edit of a function that runs swaps it', async () => {
  await using workspace = functionsWorkspace(['hello'], functionCrate('hello'))
  await using session = watchAll(workspace)
  await session.event(({ type }) => type === 'settled')
  await invoke(workspace, 'hello')
  workspace.edit('hello/src/main.rs', 'VERSION: &str = "1"', 'VERSION: &str = "2"')
  await answersAs(workspace, 'hello', '2')
})

test.skipIf(!hasCargo)(
  'a function that does not compile tells its caller why, and answers when it is mended',
  async () => {
    await using workspace = functionsWorkspace(['hello'], functionCrate('hello'))
    await using session = watchAll(workspace)
    await session.event(({ type }) => type === 'settled')
    workspace.edit('hello/src/main.rs', 'VERSION: &str = "1"', 'VERSION: &str = 1')
    await using failed = workspace.run(['invoke', 'hello', '--data', '{}'])
    expect((await failed.end()).code).toBe(1)
    expect(failed.stdout + failed.stderr).toMatch(/hello\/src\/main\.rs:\d+:\d+ mismatched types/)
    workspace.edit('hello/src/main.rs', 'VERSION: &str = 1', 'VERSION: &str = "2"')
    await answersAs(workspace, 'hello', '2')
  },
)

test.skipIf(!hasCargo)(
  'variables of the manifests reach the function: binary over package over workspace',
  async () => {
    await using workspace = functionsWorkspace(
      ['hello'],
      functionCrate(
        'hello',
        ['OF_WORKSPACE', 'OF_WORKSPACE_BINARY', 'OF_PACKAGE', 'OF_BINARY'],
        `
[package.metadata.lambda.env]
OF_PACKAGE = "package"
OF_BINARY = "package"

[package.metadata.lambda.bin.hello.env]
OF_BINARY = "binary"
`,
      ),
    )
    workspace.write(
      'Cargo.toml',
      `${workspace.read('Cargo.toml')}
[workspace.metadata.lambda.env]
OF_WORKSPACE = "workspace"
OF_WORKSPACE_BINARY = "workspace"
OF_PACKAGE = "workspace"

[workspace.metadata.lambda.bin.hello.env]
OF_WORKSPACE_BINARY = "binary of the workspace"
`,
    )
    await using session = watchAll(workspace)
    await session.event(({ type }) => type === 'settled')
    expect(await invoke(workspace, 'hello')).toMatchObject({
      env: ['workspace', 'binary of the workspace', 'package', 'binary'],
    })
    const from = session.events().length
    workspace.edit('hello/Cargo.toml', 'OF_PACKAGE = "package"', 'OF_PACKAGE = "edited"')
    await session.event((event) => event.type === 'ready' && event.target === 'hello', from)
    expect(await invoke(workspace, 'hello')).toMatchObject({
      env: ['workspace', 'binary of the workspace', 'edited', 'binary'],
    })
  },
)

test.skipIf(!hasCargo)('the addresses that users of cargo-lambda know answer', async () => {
  await using workspace = functionsWorkspace(['hello'], functionCrate('hello'))
  await using session = watchAll(workspace)
  await session.event(({ type }) => type === 'settled')
  const { port } = new URL(await endpointOf(session))
  const url = await fetch(`http://localhost:${port}/lambda-url/hello/path?a=1`)
  expect(await url.json()).toMatchObject({
    function: 'hello',
    event: { version: '2.0', rawPath: '/path', queryStringParameters: { a: '1' } },
  })
  const invocation = await fetch(
    `http://localhost:${port}/2015-03-31/functions/hello/invocations`,
    { method: 'POST', body: '{"x":1}' },
  )
  expect(await invocation.json()).toMatchObject({ function: 'hello', event: { x: 1 } })
})

test.skipIf(!hasCargo)('a function that is added while it runs can be invoked', async () => {
  await using workspace = functionsWorkspace(['hello'], functionCrate('hello'))
  await using session = watchAll(workspace)
  await session.event(({ type }) => type === 'settled')
  for (const [path, text] of Object.entries(functionCrate('late'))) workspace.write(path, text)
  workspace.edit('Cargo.toml', '"hello"', '"hello","late"')
  const changed = await session.event(({ type }) => type === 'configuration-changed')
  expect(changed).toMatchObject({ summary: 'added late' })
  expect(await invoke(workspace, 'late')).toMatchObject({ function: 'late', version: '1' })
})
