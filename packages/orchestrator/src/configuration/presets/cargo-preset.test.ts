import { expect, test } from 'vitest'

import { parseCargoMetadata } from './cargo-metadata.ts'
import { type CargoPresetOptions, cargoPreset } from './cargo-preset.ts'
import { isFault } from './fault.ts'

interface PackageOptions {
  readonly bin?: readonly string[]
  readonly paths?: readonly string[]
  readonly uses?: readonly string[]
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
      ...uses.map((each) => ({ name: each })),
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

function preset(text: string, options: Partial<CargoPresetOptions> = {}): unknown {
  const cargo = parseCargoMetadata(text)
  if (isFault(cargo)) return cargo
  return cargoPreset({
    name: 'api',
    root: '/work',
    cargo,
    resource: 'cargo-target',
    flavor: 'cargo',
    platform: 'linux',
    ...options,
  })
}

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
      command: ['cargo', 'build', '--bin', '${name}', '--message-format=json-render-diagnostics'],
      joint: [
        'cargo',
        'build',
        { each: ['--bin', '${name}'] },
        '--message-format=json-render-diagnostics',
      ],
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
