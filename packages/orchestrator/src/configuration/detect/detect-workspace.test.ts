import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import {
  type TemporaryWorkspace,
  loaded,
  problemsOf,
  temporaryWorkspace,
} from '../../../test/configuration/temporary-workspace.ts'
import type { CommandRunner } from '../presets/command-runner.ts'
import type { Workspace } from '../workspace.ts'
import { type DetectionResult, detectWorkspace } from './detect-workspace.ts'

const json = (value: unknown): string => JSON.stringify(value)

const noCargo: CommandRunner = async () => ({ kind: 'not-found' })

/** What is detected, which must say the same as the text that is written from it. */
async function detect(
  tree: TemporaryWorkspace,
  environment: Readonly<Record<string, string | undefined>> = {},
  run?: CommandRunner,
): Promise<DetectionResult & { readonly kind: 'detected' }> {
  const options = { environment, parallelism: 4, run }
  const result = await detectWorkspace(tree.root, options)
  if (result.kind !== 'detected') throw new Error(json(result))
  tree.write('singletrack.jsonc', result.text)
  const written = loaded(await tree.load(options)).workspace
  expect({ ...written, files: [], manifests: [] }).toEqual({ ...result.workspace, manifests: [] })
  return result
}

/** The parts of each target in which presets differ. */
function shapeOf({ targets }: Workspace): unknown {
  return Object.fromEntries(
    [...targets].map(([name, { build, run, watch, dependsOn }]) => {
      const argv = (part: typeof build | typeof run): string | null =>
        part?.command.kind === 'exec' ? part.command.argv.join(' ') : null
      const waits = dependsOn.map(({ target, until }) => `${target} ${until}`)
      return [name, { build: argv(build), run: argv(run), watch, dependsOn: waits }]
    }),
  )
}

test('an empty directory holds nothing that we know', async () => {
  using tree = temporaryWorkspace({})
  expect(await detectWorkspace(tree.root, { environment: {} })).toEqual({ kind: 'nothing' })
})

test('a pnpm workspace: libraries are built, "dev" watches itself, "start" follows "build"', async () => {
  using tree = temporaryWorkspace({
    'pnpm-workspace.yaml': 'packages:\n  - apps/*\n  - "packages/*"\n  - "!packages/old"\n',
    'package.json': json({ name: 'root', scripts: { build: 'turbo run build' } }),
    'apps/web/package.json': json({
      name: '@acme/web',
      scripts: { dev: 'vite', build: 'vite build' },
      dependencies: { '@acme/ui': 'workspace:*' },
    }),
    'apps/api/package.json': json({
      name: '@acme/api',
      scripts: { build: 'tsup', start: 'node dist/main.js' },
      dependencies: { '@acme/ui': 'workspace:*', '@acme/types': 'workspace:*', left: '1' },
    }),
    'packages/ui/package.json': json({
      name: '@acme/ui',
      scripts: { build: 'tsc', test: 'x' },
      devDependencies: { '@acme/types': '1' },
    }),
    'packages/types/package.json': json({ name: '@acme/types' }),
    'packages/old/package.json': json({ name: '@acme/old', scripts: { build: 'x' } }),
    'packages/broken/package.json': '{',
    'apps/api/node_modules/dep/package.json': json({ scripts: { build: 'x' } }),
  })
  const { text, by, workspace } = await detect(tree)
  expect(by).toEqual(['package'])
  expect(text).toBe(`{
  "$schema": "./node_modules/singletrack/schema.json",
  "targets": {
    "api": { "cwd": "apps/api", "extends": "package-script" },
    "web": { "cwd": "apps/web", "extends": "package-script" },
    "ui":  { "cwd": "packages/ui", "extends": "package-script" },
  },
}
`)
  expect(shapeOf(workspace)).toEqual({
    api: {
      build: 'pnpm run build',
      run: 'pnpm run start',
      watch: ['apps/api/**', 'packages/types/**'],
      dependsOn: ['ui built'],
    },
    web: { build: null, run: 'pnpm run dev', watch: [], dependsOn: ['ui built'] },
    ui: {
      build: 'pnpm run build',
      run: null,
      watch: ['packages/ui/**', 'packages/types/**'],
      dependsOn: [],
    },
  })
  expect(workspace.resources.get('cpu')).toMatchObject({ capacity: 4, lockRoot: tree.root })
  expect(workspace.targets.get('api')?.build?.uses).toEqual({ cpu: 1 })
})

test.for([
  ['npm', { 'package-lock.json': '{}' }],
  ['yarn', { 'yarn.lock': '' }],
  ['bun', { 'bun.lock': '' }],
  ['pnpm', { 'pnpm-lock.yaml': '' }],
  ['npm', {}],
] as const)('a single package run by %s', async ([manager, lockfile]) => {
  using tree = temporaryWorkspace({
    'package.json': json({ name: 'server', scripts: { dev: 'node --watch server.js' } }),
    ...lockfile,
  })
  const { text, workspace } = await detect(tree)
  expect(text).toContain('"server": { "extends": "package-script" },')
  expect(workspace.targets.get('server')?.run?.command).toEqual({
    kind: 'exec',
    argv: [manager, 'run', 'dev'],
  })
})

test('names are made unique, and packages that depend on each other make no circle', async () => {
  const member = (name: string, uses: string): string =>
    json({ name, scripts: { build: 'x' }, dependencies: { [uses]: '*' } })
  using tree = temporaryWorkspace({
    'package.json': json({
      workspaces: { packages: ['a/*', 'b/*'] },
      packageManager: 'yarn@4.1.0',
    }),
    'a/api/package.json': member('@one/api', '@two/api'),
    'b/api/package.json': member('@two/api', '@one/api'),
    'b/odd name/package.json': json({ scripts: { start: 'x' } }),
  })
  const { workspace } = await detect(tree)
  expect(
    [...workspace.targets.values()].map(({ name, dependsOn }) => [
      name,
      dependsOn.map(({ target }) => target),
    ]),
  ).toEqual([
    ['api', ['b-api']],
    ['b-api', []],
    ['b-odd-name', []],
  ])
})

test('Cargo that is not installed is a problem with a remedy', async () => {
  using tree = temporaryWorkspace({ 'Cargo.toml': '[workspace]\n' })
  const result = await detectWorkspace(tree.root, { environment: {}, run: noCargo })
  expect(result).toEqual({
    kind: 'invalid',
    problems: [
      {
        file: path.join(tree.root, 'Cargo.toml'),
        line: null,
        column: null,
        at: '',
        message: 'cargo is not installed, or not in PATH',
        remedy: 'install it from https://rustup.rs, or write "watch", "build" and "run" yourself',
      },
    ],
  })
})

test('a preset that cannot know what it must is told of where it is named', async () => {
  using tree = temporaryWorkspace({
    'singletrack.jsonc': `{ "targets": {
      "api": { "extends": "cargo" },
      "web": { "extends": "package-script", "cwd": "web" },
      "lib": { "extends": "package-script", "cwd": "lib" },
    } }`,
    'web/x': '',
    'lib/package.json': '{}',
  })
  expect(problemsOf(await tree.load({ run: noCargo }), tree.root)).toEqual([
    'singletrack.jsonc:2:27 targets.api.extends: preset "cargo": cargo is not installed, or not in PATH; install it from https://rustup.rs, or write "watch", "build" and "run" yourself',
    'singletrack.jsonc:3:27 targets.web.extends: preset "package-script": there is no package.json; set "cwd" to the directory of the package',
    'singletrack.jsonc:4:27 targets.lib.extends: preset "package-script": its package.json has no script "dev", "build" or "start"; add one, or write "build" and "run" yourself',
  ])
})

test('the preset "node" runs the package in its directory, and a target refines it', async () => {
  using tree = temporaryWorkspace({
    'singletrack.jsonc': `{
      "presets": { "node": { "extends": "node", "run": { "stop": { "grace": "1s" } } } },
      "targets": { "api": { "extends": "node", "cwd": "api", "run": { "port": 3001 } } },
    }`,
    'api/index.js': '',
  })
  const api = loaded(await tree.load()).workspace.targets.get('api')
  expect(api).toMatchObject({
    watch: ['api/**/*.{js,mjs,cjs,jsx,ts,mts,cts,tsx,json}'],
    exclude: ['api/**/node_modules/**'],
    run: { command: { argv: ['node', '.'] }, port: 3001, stop: { graceMs: 1000 } },
  })
})

const hasCargo = ((): boolean => {
  try {
    execFileSync('cargo', ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

const manifest = (name: string, more = ''): string =>
  `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n${more}`

const cargoTree = {
  'Cargo.toml':
    '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n[workspace.metadata.lambda.env]\nSTAGE = "dev"\n',
  'crates/api/Cargo.toml': manifest('api', '[dependencies]\nshared = { path = "../shared" }\n'),
  'crates/api/src/main.rs': 'fn main() {}\n',
  'crates/worker/Cargo.toml': manifest(
    'worker',
    '[dependencies]\nlambda_runtime = "1"\n[package.metadata.lambda.env]\nTABLE = "jobs"\n',
  ),
  'crates/worker/src/main.rs': 'fn main() {}\n',
  'crates/shared/Cargo.toml': manifest('shared'),
  'crates/shared/src/lib.rs': '\n',
}

test('a real Cargo workspace: its binaries, what they are built from, one lock', async ({
  skip,
}) => {
  if (!hasCargo) skip('there is no cargo')
  using tree = temporaryWorkspace(cargoTree)
  const { text, by, workspace } = await detect(tree, process.env)
  expect(by).toEqual(['cargo'])
  expect(text).toContain('    "api":    { "extends": "cargo" },\n')
  expect(text).toContain('    "worker": { "extends": "cargo-lambda" },\n')
  expect(workspace.resources.get('cargo-target')).toEqual({
    name: 'cargo-target',
    capacity: 1,
    lockRoot: tree.root,
    lock: 'cargo-target',
    directory: path.join(tree.root, 'target'),
  })
  expect(workspace.targets.get('api')).toMatchObject({
    watch: [
      'crates/api/**',
      'crates/shared/**',
      'Cargo.toml',
      'Cargo.lock',
      'rust-toolchain.toml',
      '.cargo/config.toml',
    ],
    outputs: ['target/debug/api'],
    run: { command: { argv: [path.join(tree.root, 'target/debug/api')] } },
  })
  expect(workspace.targets.get('worker')).toMatchObject({
    start: 'on-invoke',
    env: { STAGE: 'dev', TABLE: 'jobs' },
    run: { ready: { kind: 'lambda' } },
  })
})

test('CARGO_TARGET_DIR moves the lock, so that all who share the directory share it', async ({
  skip,
}) => {
  if (!hasCargo) skip('there is no cargo')
  using tree = temporaryWorkspace(cargoTree)
  using cache = temporaryWorkspace({})
  mkdirSync(path.join(cache.root, 'target'))
  const target = path.join(cache.root, 'target')
  const { workspace } = await detect(tree, { ...process.env, CARGO_TARGET_DIR: target })
  expect(workspace.resources.get('cargo-target')?.lockRoot).toBe(cache.root)
  expect(workspace.targets.get('api')?.run?.command).toEqual({
    kind: 'exec',
    argv: [path.join(target, 'debug/api')],
  })
})

test('a Cargo manifest that is broken is told in the words of cargo', async ({ skip }) => {
  if (!hasCargo) skip('there is no cargo')
  using tree = temporaryWorkspace({ 'Cargo.toml': '[workspace]\nmembers = ["gone"]\n' })
  const result = await detectWorkspace(tree.root, { environment: process.env })
  const [problem] = result.kind === 'invalid' ? result.problems : []
  expect(problem?.message).toMatch(/^cargo metadata failed: failed to load manifest/)
})
