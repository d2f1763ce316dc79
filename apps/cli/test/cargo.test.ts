import { spawnSync } from 'node:child_process'

import { expect, test } from 'vitest'

import { Workspace } from './support/workspace.ts'

const hasCargo = spawnSync('cargo', ['--version']).status === 0
if (!hasCargo)
  process.stdout.write('skipped: the Cargo example needs cargo, which is not on PATH\n')

const cargo = async (): Promise<Workspace> =>
  Workspace.example('cargo', {
    'get-product': 3011,
    'add-product': 3012,
    'price-worker': 3013,
  })

test.skipIf(!hasCargo)(
  'three binaries are built without waiting for each other inside cargo, and served',
  async () => {
    await using workspace = await cargo()
    await using session = await workspace.session()
    expect(await workspace.get('get-product')).toMatchObject({ version: '1' })
    expect(await workspace.get('add-product')).toMatchObject({ version: '1' })
    expect(session.stdout).not.toContain('Blocking waiting for file lock')
  },
)

test.skipIf(!hasCargo)('an edit in one binary builds and restarts that one only', async () => {
  await using workspace = await cargo()
  await using session = await workspace.session()
  const from = session.events().length
  workspace.edit('get-product/src/main.rs', 'VERSION: &str = "1"', 'VERSION: &str = "2"')
  await session.event((event) => event.type === 'ready' && event.target === 'get-product', from)
  expect(await workspace.get('get-product')).toMatchObject({ version: '2' })
  const built = session
    .events()
    .slice(from)
    .flatMap((event) => (event.type === 'build-started' ? [event.target] : []))
  expect(built).toEqual(['get-product'])
})

test.skipIf(!hasCargo)(
  'an edit in the shared library builds all three, and each is swapped in',
  async () => {
    await using workspace = await cargo()
    await using session = await workspace.session()
    const from = session.events().length
    workspace.edit('shared/src/lib.rs', '"EUR"', '"USD"')
    await session.event(({ type }) => type === 'settled', from)
    expect(await workspace.get('get-product')).toMatchObject({ price: 'USD 12.50' })
    expect(session.stdout).not.toContain('Blocking waiting for file lock')
  },
)

test.skipIf(!hasCargo)(
  'a compiler error leaves the old binary serving and is shown with its place',
  async () => {
    await using workspace = await cargo()
    await using session = await workspace.session()
    const from = session.events().length
    workspace.edit('get-product/src/main.rs', 'VERSION: &str = "1"', 'VERSION: &str = 2')
    const failed = await session.event((event) => event.type === 'build-failed', from)
    expect(failed).toMatchObject({
      target: 'get-product',
      serving: true,
      headline: expect.stringMatching(/get-product\/src\/main\.rs:\d+:\d+ mismatched types/),
    })
    expect(await workspace.get('get-product')).toMatchObject({ version: '1' })
  },
)

test.skipIf(!hasCargo)(
  'build alone builds all three in one turn after the other, and exits 0',
  async () => {
    await using workspace = await cargo()
    await using program = workspace.run(['build'])
    expect(await program.end()).toEqual({ code: 0, signal: null })
    expect(program.stdout.trimEnd().split('\n').at(-1)).toBe('3 built, 0 failed, 0 skipped')
    expect(program.stdout + program.stderr).not.toContain('Blocking waiting for file lock')
  },
)

test.skipIf(!hasCargo)('Ctrl-C ends the three servers and leaves nothing', async () => {
  await using workspace = await cargo()
  await using session = await workspace.session()
  expect(await session.endBy('SIGINT')).toEqual({ code: 130, signal: null })
  expect(session.events().at(-1)).toMatchObject({ type: 'session-ended', stopped: 3, left: [] })
  expect(workspace.processes()).toEqual([])
})

test.skipIf(!hasCargo)(
  'kill -9 of the session during a build must not leave cargo running',
  async () => {
    await using workspace = await cargo()
    await using session = workspace.run(['watch', '--json'])
    await session.event((event) => event.type === 'build-started')
    session.signal('SIGKILL')
    await workspace.empty()
  },
)
