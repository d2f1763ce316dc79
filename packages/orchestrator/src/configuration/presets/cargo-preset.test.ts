import { expect, test } from 'vitest'

import { cargoManifests } from './cargo-manifests.ts'
import { type CargoWorkspace, cargoWorkspace, parseCargoMetadata } from './cargo-metadata.ts'
import { type CargoPresetOptions, cargoPreset } from './cargo-preset.ts'
import { type Fault, isFault } from './fault.ts'

interface PackageOptions {
  readonly bin?: readonly string[]
  readonly paths?: readonly string[]
  readonly uses?: readonly string[]
  readonly testPaths?: readonly string[]
  readonly testUses?: readonly string[]
  readonly optionalUses?: readonly string[]
  readonly metadata?: unknown
  readonly directory?: string
}

const crate = (name: string, options: PackageOptions = {}): object => {
  const { bin = [], paths = [], uses = [], metadata = null } = options
  return {
    id: `path+file:///work/${name}`,
    name,
    manifest_path: `${options.directory ?? `/work/crates/${name}`}/Cargo.toml`,
    metadata,
    dependencies: [
      ...paths.map((each) => ({ name: each, path: `/work/crates/${each}` })),
      ...uses.map((each) => ({ name: each, kind: null })),
      ...(options.testPaths ?? []).map((each) => ({
        name: each,
        path: `/work/crates/${each}`,
        kind: 'dev',
      })),
      ...(options.testUses ?? []).map((each) => ({ name: each, kind: 'dev' })),
      ...(options.optionalUses ?? []).map((each) => ({ name: each, optional: true })),
    ],
    targets: [
      { kind: ['lib'], name },
      ...bin.map((each) => ({ kind: ['bin'], name: each })),
      { kind: ['custom-build'], name: 'build-script-build' },
    ],
  }
}

const metadataOf = (packages: readonly object[], more: object = {}): string =>
  JSON.stringify({
    workspace_root: '/work',
    target_directory: '/work/target',
    workspace_members: packages.map((each) => ('id' in each ? each.id : '')),
    metadata: null,
    packages,
    ...more,
  })

const packages = [
  crate('api', { bin: ['api'], paths: ['shared'] }),
  crate('shared', { paths: ['types'] }),
  crate('types'),
  crate('unrelated', { bin: ['other'] }),
]

function parsed(text: string, ...others: readonly string[]): CargoWorkspace | Fault {
  const own = parseCargoMetadata(text)
  if (isFault(own)) return own
  const outside = others.map((each) => parseCargoMetadata(each))
  return cargoWorkspace(
    own,
    outside.flatMap((each) => (isFault(each) ? [] : [each])),
  )
}

function preset(text: string, options: Partial<CargoPresetOptions> = {}): unknown {
  const cargo = parsed(text)
  if (isFault(cargo)) return cargo
  return cargoPreset({
    name: 'api',
    root: '/work',
    cargo,
    resources: ['cargo-target'],
    flavor: 'cargo',
    platform: 'linux',
    ...options,
  })
}

const messages = '--message-format=json-diagnostic-rendered-ansi'

test('a binary watches its package and what it is built from, through all steps', () => {
  expect(preset(metadataOf(packages))).toEqual({
    watch: [
      '/crates/api/',
      '/crates/shared/',
      '/crates/types/',
      '/Cargo.toml',
      '/Cargo.lock',
      '/rust-toolchain.toml',
      '/.cargo/config.toml',
    ],
    build: {
      command: ['cargo', 'build', '--bin', '${name}', messages],
      joint: ['cargo', 'build', { each: ['--bin', '${name}'] }, '--keep-going', messages],
      uses: ['cargo-target'],
      outputs: ['/target/debug/api'],
      diagnostics: 'cargo',
    },
    run: { command: ['/work/target/debug/api'] },
  })
})

test('a package at the root leaves out the target directory and packages it does not use', () => {
  const root = crate('api', { bin: ['api'], paths: ['shared'], directory: '/work' })
  const found = preset(metadataOf([root, ...packages.slice(1)]))
  expect(found).toMatchObject({
    watch: [
      '//',
      '/crates/shared/',
      '/crates/types/',
      '/Cargo.toml',
      '/Cargo.lock',
      '/rust-toolchain.toml',
      '/.cargo/config.toml',
      '!/crates/unrelated/',
      '!/target/',
    ],
  })
})

test('the real target directory counts, wherever it is', () => {
  const text = metadataOf(packages, { target_directory: '/cache/target' })
  expect(preset(text)).toMatchObject({
    build: { outputs: ['/../cache/target/debug/api'] },
    run: { command: ['/cache/target/debug/api'] },
  })
  expect(preset(text, { platform: 'win32' })).toMatchObject({
    run: { command: ['/cache/target/debug/api.exe'] },
  })
})

test('binaries outside the default members are built with --workspace', () => {
  const text = metadataOf(packages, { workspace_default_members: ['path+file:///work/shared'] })
  expect(preset(text)).toMatchObject({
    build: { command: ['cargo', 'build', '--workspace', '--bin', '${name}', expect.anything()] },
  })
})

const env = (value: string): object => ({ env: { A: value, [value]: '${x}' } })

test('a Lambda function starts on invocation with the environment of the manifests', () => {
  const lambdaCrate = crate('api', {
    bin: ['api'],
    uses: ['lambda_runtime'],
    metadata: { lambda: { ...env('package'), bin: { api: env('binary') } } },
  })
  const text = metadataOf([lambdaCrate], { metadata: { lambda: env('workspace') } })
  expect(preset(text, { flavor: 'cargo-lambda' })).toMatchObject({
    start: 'on-invoke',
    env: { A: 'binary', workspace: '$${x}', package: '$${x}', binary: '$${x}' },
    run: { ready: { lambda: true } },
  })
})

test('a target that is no binary is told which there are', () => {
  expect(preset(metadataOf(packages), { name: 'apy' })).toEqual({
    kind: 'fault',
    message: 'the Cargo workspace has no binary "apy"',
    remedy: 'did you mean "api"?',
  })
})

test.for(['', 'null', '[]', '{"packages": 1}', 'error: nonsense'])(
  '"%s" is no metadata',
  (text) => {
    expect(parseCargoMetadata(text)).toEqual({
      kind: 'fault',
      message: 'cargo metadata said something unexpected',
      remedy: null,
    })
  },
)

test('metadata of other tools, or ill-formed metadata of ours, is passed over', () => {
  const odd = crate('api', { bin: ['api'], metadata: { lambda: { env: 'text' }, docs: [] } })
  expect(preset(metadataOf([odd]), { flavor: 'cargo-lambda' })).toMatchObject({ env: {} })
})

test('what only tests use is not watched', () => {
  const tested = crate('api', { bin: ['api'], paths: ['shared'], testPaths: ['fixtures'] })
  expect(preset(metadataOf([tested, crate('shared'), crate('fixtures')]))).toMatchObject({
    watch: [
      '/crates/api/',
      '/crates/shared/',
      ...Array.from({ length: 4 }, () => expect.anything()),
    ],
  })
})

test('path dependencies outside of the workspace are followed through their own', () => {
  const own = crate('api', { bin: ['api'], paths: ['far'] })
  const far = crate('far', { paths: ['farther'] })
  const found = parsed(metadataOf([own]), metadataOf([far]))
  expect(isFault(found) ? [] : found.binaries[0]?.sources).toEqual([
    '/work/crates/api',
    '/work/crates/far',
    '/work/crates/farther',
  ])
})

test.for([
  ['uses the runtime itself', { uses: ['lambda_runtime'] }, {}, true],
  ['uses lambda_http', { uses: ['lambda_http'] }, {}, true],
  ['uses it through a package beside it', { paths: ['shared'] }, { uses: ['lambda_http'] }, true],
  ['uses it in tests', { testUses: ['lambda_runtime'] }, {}, false],
  ['may use it', { optionalUses: ['lambda_runtime'] }, {}, false],
  ['uses something else', { uses: ['lambda-events'] }, {}, false],
] as const)('a binary that %s', ([, api, shared, expected]) => {
  const found = parsed(
    metadataOf([crate('api', { bin: ['api'], ...api }), crate('shared', shared)]),
  )
  expect(isFault(found) ? null : found.binaries[0]?.isLambda).toBe(expected)
})

test('the manifests that the answer came from, and those of packages to come', () => {
  const found = parsed(metadataOf(packages.slice(0, 2)))
  expect(isFault(found) ? [] : cargoManifests(found, '/work')).toEqual([
    '.cargo/config.toml',
    'Cargo.toml',
    'crates/*/Cargo.toml',
    'crates/api/Cargo.toml',
    'crates/shared/Cargo.toml',
    'crates/types/Cargo.toml',
  ])
})

test('precedence of the environment is that of cargo-lambda', () => {
  const own = crate('api', {
    bin: ['api'],
    uses: ['lambda_runtime'],
    metadata: {
      lambda: { env: { B: 'package', C: 'package' }, bin: { api: { env: { C: 'own' } } } },
    },
  })
  const workspaceEnv = {
    env: { A: 'workspace', B: 'workspace', C: 'workspace' },
    bin: { api: { env: { A: 'own of the workspace', B: 'own of the workspace' } } },
  }
  const text = metadataOf([own], { metadata: { lambda: workspaceEnv } })
  expect(preset(text, { flavor: 'cargo-lambda' })).toMatchObject({
    env: { A: 'own of the workspace', B: 'package', C: 'own' },
  })
})
