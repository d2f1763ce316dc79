import { expect, test } from 'vitest'

import {
  WAITING_BUILD_SCRIPT,
  cargoWorkspace,
  hasCargo,
  library,
  manifest,
  plainCargo,
  presetConfiguration,
  printed,
  server,
  targetsOf,
} from './support/cargo-workspace.ts'
import type { Program } from './support/program.ts'
import type { Workspace } from './support/workspace.ts'

const shop = (): Workspace =>
  cargoWorkspace(
    ['shared', 'api', 'jobs', 'mail'],
    library('shared'),
    server('api', { uses: ['shared'] }),
    server('jobs', { uses: ['shared'] }),
    server('mail'),
    presetConfiguration(['api', 'jobs', 'mail']),
  )

/** The pids of these targets; what a process is called changes while it starts. */
const pidsOf = (workspace: Workspace, ...names: readonly string[]): readonly string[] =>
  workspace
    .processes()
    .filter((line) => names.some((name) => line.endsWith(`/target/debug/${name}`)))
    .map((line) => line.split(' ', 1)[0] ?? '')

const commands = (session: Program, from = 0): readonly string[] => [
  ...new Set(
    session
      .events()
      .slice(from)
      .flatMap((event) => (event.type === 'build-started' ? [event.command] : [])),
  ),
]

test.skipIf(!hasCargo)(
  'all binaries are built by one cargo, and none waits inside it',
  async () => {
    await using workspace = shop()
    await using session = await workspace.session(plainCargo)
    expect(commands(session)[0]).toContain('cargo build --bin api --bin jobs --bin mail')
    await printed(session, 'api', 'api 1 with shared 1')
    await printed(session, 'jobs', 'jobs 1 with shared 1')
    await printed(session, 'mail', 'mail 1')
    expect(session.stdout).not.toContain('Blocking waiting for file lock')
  },
)

test.skipIf(!hasCargo)('a binary is served before the last one is built', async () => {
  await using workspace = cargoWorkspace(
    ['quick', 'slow'],
    server('quick'),
    server('slow'),
    { 'slow/build.rs': WAITING_BUILD_SCRIPT },
    presetConfiguration(['quick', 'slow']),
  )
  await using session = workspace.run(['watch', '--json'], plainCargo)
  await session.event((event) => event.type === 'ready' && event.target === 'quick')
  expect(targetsOf(session, 'build-succeeded')).toEqual(['quick'])
  workspace.write('go', '')
  await session.event((event) => event.type === 'ready' && event.target === 'slow')
})

test.skipIf(!hasCargo)('an edit of one binary builds and restarts that one only', async () => {
  await using workspace = shop()
  await using session = await workspace.session(plainCargo)
  const others = pidsOf(workspace, 'jobs', 'mail')
  const from = session.events().length
  workspace.edit('api/src/main.rs', '"1"', '"2"')
  await printed(session, 'api', 'api 2 with shared 1', from)
  await session.event(({ type }) => type === 'settled', from)
  expect(targetsOf(session, 'build-started', from)).toEqual(['api'])
  expect(targetsOf(session, 'starting', from)).toEqual(['api'])
  expect(pidsOf(workspace, 'jobs', 'mail')).toEqual(others)
})

test.skipIf(!hasCargo)('an edit of a library builds those that use it, and no other', async () => {
  await using workspace = shop()
  await using session = await workspace.session(plainCargo)
  const from = session.events().length
  workspace.edit('shared/src/lib.rs', 'shared 1', 'shared 2')
  await printed(session, 'api', 'api 1 with shared 2', from)
  await printed(session, 'jobs', 'jobs 1 with shared 2', from)
  await session.event(({ type }) => type === 'settled', from)
  expect(targetsOf(session, 'build-started', from).toSorted()).toEqual(['api', 'jobs'])
  expect(session.stdout).not.toContain('Blocking waiting for file lock')
})

test.skipIf(!hasCargo)(
  'a path dependency that is added while it runs is watched from then on',
  async () => {
    await using workspace = shop()
    await using session = await workspace.session(plainCargo)
    let from = session.events().length
    workspace.write('mail/Cargo.toml', manifest('mail', { uses: ['shared'] }))
    workspace.edit('mail/src/main.rs', '"mail {version}"', '"mail 2 with {}", shared::version()')
    workspace.edit('mail/src/main.rs', 'let version: &str = "1";', '')
    await printed(session, 'mail', 'mail 2 with shared 1', from)
    await session.event(({ type }) => type === 'configuration-changed', from)
    await session.event(({ type }) => type === 'settled', from)
    from = session.events().length
    workspace.edit('shared/src/lib.rs', 'shared 1', 'shared 2')
    await printed(session, 'mail', 'mail 2 with shared 2', from)
  },
)

test.skipIf(!hasCargo)('a manifest that is broken keeps what runs, and says where', async () => {
  await using workspace = shop()
  await using session = await workspace.session(plainCargo)
  const before = pidsOf(workspace, 'api', 'jobs', 'mail')
  const text = workspace.read('shared/Cargo.toml')
  let from = session.events().length
  workspace.write('shared/Cargo.toml', text.replace('[dependencies]', '[dependencies'))
  const invalid = await session.event(({ type }) => type === 'configuration-invalid', from)
  expect(invalid).toHaveProperty('problems.0', expect.stringContaining('cargo metadata failed'))
  from = session.events().length
  workspace.write('shared/Cargo.toml', text)
  await session.event(({ type }) => type === 'configuration-changed', from)
  await session.event(({ type }) => type === 'settled', from)
  expect(pidsOf(workspace, 'api', 'jobs', 'mail')).toEqual(before)
})

test.skipIf(!hasCargo)(
  'a compile error keeps the old processes and has its place; a mended one swaps',
  async () => {
    await using workspace = shop()
    await using session = await workspace.session(plainCargo)
    const before = pidsOf(workspace, 'api', 'jobs', 'mail')
    let from = session.events().length
    workspace.edit('shared/src/lib.rs', '"shared 1"', '1')
    await session.event((event) => event.type === 'build-failed' && event.target === 'api', from)
    await session.event((event) => event.type === 'build-failed' && event.target === 'jobs', from)
    await session.event(({ type }) => type === 'settled', from)
    const failures = session
      .events()
      .slice(from)
      .filter((event) => event.type === 'build-failed')
    for (const failure of failures)
      expect(failure).toMatchObject({
        serving: true,
        headline: 'shared/src/lib.rs:2:5 mismatched types',
        diagnostics: [{ severity: 'error', code: 'E0308', line: 2, column: 5 }],
      })
    expect(pidsOf(workspace, 'api', 'jobs', 'mail')).toEqual(before)
    from = session.events().length
    workspace.edit('shared/src/lib.rs', '1\n', '"shared 2"\n')
    await printed(session, 'api', 'api 1 with shared 2', from)
    await printed(session, 'jobs', 'jobs 1 with shared 2', from)
  },
)
