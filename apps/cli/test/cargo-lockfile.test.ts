import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import {
  WAITING_BUILD_SCRIPT,
  cargoWorkspace,
  freshCargoWorkspace,
  hasCargo,
  library,
  manifest,
  plainCargo,
  presetConfiguration,
  printed,
  server,
  targetsOf,
} from './support/cargo-workspace.ts'
import { Workspace } from './support/workspace.ts'

const FILES = [
  library('shared'),
  server('api', { uses: ['shared'] }),
  server('mail'),
  presetConfiguration(['api', 'mail']),
]

/** Waits until all that happened so far has been answered, as `wait --settled` does. */
async function settle(workspace: Workspace): Promise<void> {
  await using program = workspace.run(['wait', '--settled'], plainCargo)
  expect(await program.end()).toEqual({ code: 0, signal: null })
}

test.skipIf(!hasCargo)(
  'a lockfile that the first build writes must not build anything once more',
  async () => {
    await using workspace = freshCargoWorkspace(['shared', 'api', 'mail'], ...FILES)
    await using session = await workspace.session(plainCargo)
    await settle(workspace)
    expect(existsSync(join(workspace.root, 'Cargo.lock'))).toBe(true)
    expect(targetsOf(session, 'changed')).toEqual([])
    expect(targetsOf(session, 'build-started').toSorted()).toEqual(['api', 'mail'])
    expect(targetsOf(session, 'starting').toSorted()).toEqual(['api', 'mail'])
  },
)

test.skipIf(!hasCargo)(
  'nor must that of a command without the preset, which watches all there is',
  async () => {
    await using workspace = Workspace.of({
      'singletrack.jsonc': JSON.stringify({
        targets: { mail: { build: ['cargo', 'build'], run: ['target/debug/mail'] } },
      }),
      '.gitignore': 'target/\n',
      // Cargo makes it under a name of its own otherwise, which comes and goes in what is watched.
      'target/debug/.keep': '',
      'Cargo.toml': manifest('mail'),
      'src/main.rs': server('mail')['mail/src/main.rs'] ?? '',
    })
    await using session = await workspace.session(plainCargo)
    await settle(workspace)
    expect(existsSync(join(workspace.root, 'Cargo.lock'))).toBe(true)
    expect(targetsOf(session, 'build-started')).toEqual(['mail'])
  },
)

test.skipIf(!hasCargo)('nor must that of a build that fails', async () => {
  await using workspace = freshCargoWorkspace(['shared', 'api', 'mail'], ...FILES)
  workspace.edit('shared/src/lib.rs', '"shared 1"', '1')
  await using session = await workspace.session(plainCargo)
  await using waiting = workspace.run(['wait', '--settled'], plainCargo)
  expect((await waiting.end()).code).toBe(1)
  expect(existsSync(join(workspace.root, 'Cargo.lock'))).toBe(true)
  expect(targetsOf(session, 'changed')).toEqual([])
  expect(targetsOf(session, 'build-failed')).toEqual(['api'])
})

test.skipIf(!hasCargo)(
  'a new dependency builds its target once, and once those that share the lockfile',
  async () => {
    await using workspace = cargoWorkspace(['shared', 'api', 'mail'], ...FILES)
    await using session = await workspace.session(plainCargo)
    const from = session.events().length
    const more = '[dev-dependencies]\nshared = { path = "../shared" }\n'
    workspace.write('mail/Cargo.toml', manifest('mail', { manifest: more }))
    await session.event((event) => event.type === 'build-started' && event.target === 'api', from)
    await settle(workspace)
    expect(targetsOf(session, 'build-started', from)).toEqual(['mail', 'api'])
    expect(targetsOf(session, 'starting', from)).not.toContain('api')
  },
)

test.skipIf(!hasCargo)(
  'an edit of the lockfile by somebody else builds what it is about',
  async () => {
    await using workspace = freshCargoWorkspace(['shared', 'api', 'mail'], ...FILES)
    await using session = await workspace.session(plainCargo)
    await settle(workspace)
    const from = session.events().length
    workspace.write('Cargo.lock', `${workspace.read('Cargo.lock')}# updated\n`)
    await settle(workspace)
    expect(targetsOf(session, 'build-started', from).toSorted()).toEqual(['api', 'mail'])
  },
)

test.skipIf(!hasCargo)(
  'an edit of the lockfile while cargo compiles must not be taken for its own',
  async () => {
    await using workspace = freshCargoWorkspace(
      ['slow'],
      server('slow'),
      { 'slow/build.rs': WAITING_BUILD_SCRIPT },
      presetConfiguration(['slow']),
    )
    await using session = workspace.run(['watch', '--json'], plainCargo)
    await session.event((event) => event.type === 'output' && event.line.includes('Compiling slow'))
    workspace.write('Cargo.lock', `${workspace.read('Cargo.lock')}# updated\n`)
    await session.event((event) => event.type === 'changed' && event.target === 'slow')
    workspace.write('go', '')
    await printed(session, 'slow', 'slow 1')
    await settle(workspace)
    expect(targetsOf(session, 'build-started')).toEqual(['slow', 'slow'])
  },
)
