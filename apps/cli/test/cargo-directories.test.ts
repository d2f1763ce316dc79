import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import {
  WAITING_BUILD_SCRIPT,
  cargoWorkspace,
  hasCargo,
  lockDependencies,
  plainCargo,
  presetConfiguration,
  printed,
  server,
  targetsOf,
} from './support/cargo-workspace.ts'
import type { Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

const ask = (program: string, args: readonly string[]): string =>
  spawnSync(program, args, { encoding: 'utf8' }).stdout ?? ''
const host = hasCargo ? /^host: (\S+)$/m.exec(ask('cargo', ['-vV']))?.[1] : undefined
const [, minor = '0'] = /^cargo 1\.(\d+)/.exec(ask('cargo', ['--version'])) ?? []
/** `build.build-dir` is stable since 1.91. */
const hasBuildDirectory = Number(minor) >= 91

const programOf = async (session: Program, target: string, from = 0): Promise<string> => {
  const event = await session.event(
    (candidate) => candidate.type === 'starting' && candidate.target === target,
    from,
  )
  return event.type === 'starting' ? event.command : ''
}

const api = (files: Readonly<Record<string, string>> = {}): Workspace =>
  cargoWorkspace(['api'], server('api'), presetConfiguration(['api']), files)

test.skipIf(!hasCargo)('CARGO_TARGET_DIR says where programs are run from', async () => {
  await using workspace = api()
  await using session = workspace.run(['watch', '--json'], {
    ...plainCargo,
    CARGO_TARGET_DIR: 'elsewhere',
  })
  await printed(session, 'api', 'api 1')
  expect(await programOf(session, 'api')).toBe(join(workspace.root, 'elsewhere/debug/api'))
})

test.skipIf(!hasCargo)(
  "the target directory of Cargo's own configuration is followed, also when it moves",
  async () => {
    await using workspace = api({ '.cargo/config.toml': '[build]\ntarget-dir = "out"\n' })
    await using session = await workspace.session(plainCargo)
    expect(await programOf(session, 'api')).toBe(join(workspace.root, 'out/debug/api'))
    const from = session.events().length
    workspace.edit('.cargo/config.toml', '"out"', '"moved"')
    await session.event((event) => event.type === 'ready' && event.target === 'api', from)
    expect(await programOf(session, 'api', from)).toBe(join(workspace.root, 'moved/debug/api'))
  },
)

test.skipIf(host === undefined)(
  'a program for a named platform is run where cargo made it',
  async () => {
    await using workspace = api({ '.cargo/config.toml': `[build]\ntarget = "${host}"\n` })
    await using session = await workspace.session(plainCargo)
    expect(await programOf(session, 'api')).toBe(join(workspace.root, `target/${host}/debug/api`))
    const from = session.events().length
    workspace.edit('api/src/main.rs', '"1"', '"2"')
    await printed(session, 'api', 'api 2', from)
  },
)

/** Two Cargo workspaces beside each other; the first one's build waits for the file `go`. */
const neighbors = (configuration: string): Workspace => {
  const workspace = Workspace.of(
    Object.fromEntries(
      (['first', 'second'] as const).flatMap((name) =>
        Object.entries({
          'Cargo.toml': `[workspace]\nresolver = "2"\nmembers = ["${name}"]\n`,
          '.cargo/config.toml': configuration,
          ...server(name),
          ...presetConfiguration([name]),
          ...(name === 'first' ? { 'first/build.rs': WAITING_BUILD_SCRIPT } : {}),
        }).map(([path, text]) => [`${name}/${path}`, text]),
      ),
    ),
  )
  for (const name of ['first', 'second']) lockDependencies(workspace, name)
  return workspace
}

test.for([
  ['a target directory', '[build]\ntarget-dir = "../shared"\n', true],
  ['a build directory', '[build]\nbuild-dir = "../shared"\n', hasBuildDirectory],
] as const)(
  'two workspaces that share %s take turns',
  async ([, configuration, canRun], { skip }) => {
    if (!hasCargo || !canRun) skip('needs cargo, for build-dir 1.91 or later')
    await using workspace = neighbors(configuration)
    await using first = workspace.run(['watch', '--root', 'first', '--json'], plainCargo)
    await first.event(({ type }) => type === 'build-started')
    await using second = workspace.run(['watch', '--root', 'second', '--json'], plainCargo)
    const held = await second.event(({ type }) => type === 'held')
    expect(held).toMatchObject({
      target: 'second',
      hold: { kind: 'external', text: expect.stringContaining('building first') },
    })
    expect(targetsOf(second, 'build-started')).toEqual([])
    workspace.write('first/go', '')
    await printed(first, 'first', 'first 1')
    await printed(second, 'second', 'second 1')
    expect(first.stdout + second.stdout).not.toContain('Blocking waiting for file lock')
  },
)

test.skipIf(!hasCargo)('two workspaces that share nothing do not wait', async () => {
  await using workspace = neighbors('')
  await using first = workspace.run(['watch', '--root', 'first', '--json'], plainCargo)
  await first.event(({ type }) => type === 'build-started')
  await using second = workspace.run(['watch', '--root', 'second', '--json'], plainCargo)
  await printed(second, 'second', 'second 1')
  expect(targetsOf(first, 'build-succeeded')).toEqual([])
  workspace.write('first/go', '')
  await printed(first, 'first', 'first 1')
})

test.skipIf(!hasCargo)('a library outside of the root is watched through its own', async () => {
  await using workspace = Workspace.of({
    'app/Cargo.toml': '[workspace]\nresolver = "2"\nmembers = ["api"]\n',
    ...Object.fromEntries(
      Object.entries({ ...server('api'), ...presetConfiguration(['api']) }).map(([path, text]) => [
        `app/${path}`,
        text,
      ]),
    ),
    'near/Cargo.toml': packageManifest('near', 'far'),
    'near/src/lib.rs': 'pub use far::version;\n',
    'far/Cargo.toml': packageManifest('far'),
    'far/src/lib.rs': 'pub fn version() -> &\'static str {\n    "far 1"\n}\n',
  })
  workspace.write('app/api/Cargo.toml', packageManifest('api', 'near', '../../'))
  workspace.edit('app/api/src/main.rs', '"api {version}"', '"api {version} {}", near::version()')
  lockDependencies(workspace, 'app')
  await using session = workspace.run(['watch', '--root', 'app', '--json'], plainCargo)
  await printed(session, 'api', 'api 1 far 1')
  await session.event(({ type }) => type === 'settled')
  const from = session.events().length
  workspace.edit('far/src/lib.rs', 'far 1', 'far 2')
  await printed(session, 'api', 'api 1 far 2', from)
})

const packageManifest = (name: string, uses?: string, way = '../'): string =>
  `[package]
name = "${name}"
version = "0.1.0"
edition = "2021"

[dependencies]
${uses === undefined ? '' : `${uses} = { path = "${way}${uses}" }\n`}`
