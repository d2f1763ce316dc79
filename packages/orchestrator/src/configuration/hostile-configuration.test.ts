import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { fullConfiguration } from '../../test/configuration/full-configuration.ts'
import {
  type TemporaryWorkspace,
  loaded,
  problemsOf,
  temporaryWorkspace,
} from '../../test/configuration/temporary-workspace.ts'
import { type ConfigurationResult, configurationSchema, describeProblem } from './index.ts'

const file = 'singletrack.jsonc'

async function told(workspace: TemporaryWorkspace): Promise<readonly string[]> {
  return problemsOf(await workspace.load(), workspace.root)
}

test('a root that was deleted', async () => {
  const workspace = temporaryWorkspace({})
  workspace[Symbol.dispose]()
  expect(problemsOf(await workspace.load(), path.dirname(workspace.root))).toEqual([
    `${path.basename(workspace.root)}: there is no such directory; check --root, or create the directory`,
  ])
})

test('a directory in place of the file', async () => {
  using workspace = temporaryWorkspace({})
  mkdirSync(path.join(workspace.root, file))
  expect(await told(workspace)).toEqual([
    'singletrack.jsonc: is a directory; put a file in its place',
  ])
})

test.skipIf(process.platform === 'win32')('a FIFO that nobody writes to', async () => {
  using workspace = temporaryWorkspace({})
  execFileSync('sh', ['-c', 'mkfifo "$0"', path.join(workspace.root, file)])
  expect(await told(workspace)).toEqual([
    'singletrack.jsonc: is not a regular file; put a file in its place',
  ])
})

test.skipIf(process.platform === 'win32')('a socket, a device and a link to itself', async () => {
  using workspace = temporaryWorkspace({})
  const at = path.join(workspace.root, file)
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(at, resolve)
  })
  expect(await told(workspace)).toEqual([
    'singletrack.jsonc: is not a regular file; put a file in its place',
  ])
  await new Promise((resolve) => {
    server.close(resolve)
  })
  symlinkSync('/dev/zero', at)
  expect(await told(workspace)).toEqual([
    'singletrack.jsonc: is not a regular file; put a file in its place',
  ])
  rmSync(at)
  symlinkSync(at, at)
  expect(await told(workspace)).toEqual([
    'singletrack.jsonc: is a symbolic link to itself; put a file in its place',
  ])
})

test('a file that we may not read', async ({ skip }) => {
  if (process.getuid?.() === 0) skip('root may read everything')
  if (process.platform === 'win32') skip('Windows has no such mode')
  using workspace = temporaryWorkspace({ [file]: '{}' })
  chmodSync(path.join(workspace.root, file), 0)
  expect(await told(workspace)).toEqual([
    'singletrack.jsonc: cannot be read; allow yourself to read it',
  ])
})

test.for([
  [
    'bytes that are not UTF-8',
    Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
    'is not UTF-8; save it as UTF-8',
  ],
  ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), 'is UTF-16, not UTF-8; save it as UTF-8'],
  [
    'more than a megabyte',
    Buffer.alloc(1024 * 1024 + 1, ' '),
    'is larger than 1 MiB; check the path',
  ],
] as const)('%s', async ([, content, expected]) => {
  using workspace = temporaryWorkspace({ [file]: content })
  expect(await told(workspace)).toEqual([`singletrack.jsonc: ${expected}`])
})

test.for([
  ['arrays', '['.repeat(500_000), 65],
  ['objects', '{"a":'.repeat(200_000), 321],
  ['closed arrays', '['.repeat(100_000) + ']'.repeat(100_000), 65],
] as const)('%s nested deeply', async ([, content, column]) => {
  using workspace = temporaryWorkspace({ [file]: content })
  expect(await told(workspace)).toEqual([
    `singletrack.jsonc:1:${column}: is nested deeper than 64 levels`,
  ])
})

test('a file of wrong keys is told of up to a limit', async () => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `"key${index}": ${index}`)
  using workspace = temporaryWorkspace({ [file]: `{ ${keys.join(',\n')} }` })
  const all = await told(workspace)
  expect(all).toHaveLength(101)
  expect(all.at(-1)).toBe('singletrack.jsonc: 19900 more problems; mend these first')
})

test('a chain of presets and of targets as long as a file is large', async () => {
  const presets = Array.from(
    { length: 5000 },
    (_, index) => [`p${index}`, { extends: `p${index + 1}` }] as const,
  )
  const targets = Array.from(
    { length: 5000 },
    (_, index) =>
      [`t${index}`, { watch: ['x'], dependsOn: index === 0 ? [] : [`t${index - 1}`] }] as const,
  )
  using workspace = temporaryWorkspace({
    [file]: JSON.stringify({ targets: Object.fromEntries(targets) }),
  })
  expect(loaded(await workspace.load()).workspace.targets.size).toBe(5000)
  workspace.write(file, JSON.stringify({ presets: Object.fromEntries(presets), targets: {} }))
  expect((await workspace.load()).kind).toBe('invalid')
})

test('names of Object.prototype are names like any other', async () => {
  using workspace = temporaryWorkspace({
    [file]: JSON.stringify({
      resources: { constructor: 1, tostring: 2 },
      targets: {
        constructor: { run: ['x'], env: { toString: '1', hasOwnProperty: '2' } },
        valueOf: {
          build: { command: ['x'], uses: { constructor: 1 } },
          dependsOn: ['constructor'],
        },
      },
    }),
  })
  const { workspace: found } = loaded(await workspace.load())
  expect([...found.targets.keys()]).toEqual(['constructor', 'valueOf'])
  expect(found.targets.get('constructor')?.env).toEqual({ toString: '1', hasOwnProperty: '2' })
  expect(found.targets.get('valueOf')?.build?.uses).toEqual({ constructor: 1 })
})

test('a key of JavaScript in an environment file pollutes nothing', async () => {
  using workspace = temporaryWorkspace({
    [file]: '{ "targets": { "api": { "run": ["x"], "envFile": ".env" } } }',
    '.env': '__proto__=polluted\nA=1\n',
  })
  const { workspace: found } = loaded(await workspace.load())
  expect(found.targets.get('api')?.env['A']).toBe('1')
  expect(Object.getOwnPropertyNames({}.constructor.prototype)).not.toContain('polluted')
})

test('control characters of the file do not reach the terminal', async () => {
  using workspace = temporaryWorkspace({ [file]: '{ "\\u001b[2J": 1, "\u202Ex": "\u009b" }' })
  const result = await workspace.load()
  const text =
    result.kind === 'invalid'
      ? result.problems.map((each) => describeProblem(each, { cwd: workspace.root })).join('\n')
      : ''
  expect(text).not.toBe('')
  // oxlint-disable-next-line no-control-regex -- this is what it looks for
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
})

/** Every key of the schema. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, inner]) => [
    ...(key === 'properties' ? Object.keys(inner) : []),
    ...keysOf(inner),
  ])
}

const hostileKeys = [...new Set([...keysOf(configurationSchema()), 'api', 'web', 'cpu'])]

/** Values that come close to a configuration, and values that are nothing like it. */
const { configuration, anything } = fc.letrec<{ configuration: unknown; anything: unknown }>(
  (tie) => {
    const word = fc.constantFrom(
      'api',
      'web',
      'x',
      '',
      '__proto__',
      '${name}',
      '${',
      '!',
      '/',
      '..',
      '5s',
      'cpu',
    )
    const keys = fc.constantFrom(...hostileKeys)
    const known = fc.constantFrom('eager', 'queue', 'crash', 'built', 'cargo', 'off', 'spawned')
    const leaf = fc.oneof(
      word,
      known,
      fc.constantFrom(null, true, 0, 1, -1, 1.5, 3001),
      fc.string(),
    )
    return {
      anything: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        leaf,
        fc.array(tie('anything'), { maxLength: 3 }),
        fc.dictionary(keys, tie('anything'), { maxKeys: 5 }),
      ),
      configuration: fc.record({
        targets: fc.dictionary(word, fc.dictionary(keys, tie('anything')), { maxKeys: 4 }),
        presets: fc.dictionary(word, fc.dictionary(keys, tie('anything')), { maxKeys: 3 }),
        more: tie('anything'),
      }),
    }
  },
)

/** More of them: `FUZZ_RUNS=20000 vitest run hostile`. */
const runs = Number(process.env['FUZZ_RUNS'] ?? 300)

/** Problems that no person could do anything with. */
function wordless(result: ConfigurationResult): readonly unknown[] {
  if (result.kind !== 'invalid') return []
  if (result.problems.length === 0) return ['no problem at all']
  return result.problems.filter(
    ({ message, line }) => /^$|Invalid input|undefined|\[object|\n/.test(message) || line === 0,
  )
}

test('no configuration makes loading throw, and every problem has words', async () => {
  using workspace = temporaryWorkspace({})
  await fc.assert(
    fc.asyncProperty(configuration, configuration, async (shared, local) => {
      workspace.write(file, JSON.stringify(shared))
      workspace.write('singletrack.local.jsonc', JSON.stringify(local))
      const result = await workspace.load({ run: async () => ({ kind: 'not-found' }) })
      expect(wordless(result)).toEqual([])
    }),
    { numRuns: runs },
  )
})

/** The ways to every value of a tree, the tree itself left out. */
function waysInto(value: unknown, way: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    [...way, key],
    ...waysInto(inner, [...way, key]),
  ])
}

function changed(value: unknown, [key, ...rest]: readonly string[], replacement: unknown): unknown {
  if (key === undefined) return replacement
  if (Array.isArray(value))
    return value.map((item, index) =>
      String(index) === key ? changed(item, rest, replacement) : item,
    )
  if (typeof value !== 'object' || value === null) return replacement
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) =>
      name === key ? [name, changed(inner, rest, replacement)] : [name, inner],
    ),
  )
}

test('a good configuration with some values replaced loads or is explained', async () => {
  using workspace = temporaryWorkspace({ '.env': 'A=1', [file]: JSON.stringify(fullConfiguration) })
  loaded(await workspace.load())
  const way = fc.constantFrom(...waysInto(fullConfiguration))
  const changes = fc.array(fc.tuple(way, anything), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(changes, fc.boolean(), async (all, isLocal) => {
      let mixed: unknown = fullConfiguration
      for (const [at, replacement] of all) mixed = changed(mixed, at, replacement)
      workspace.write(file, JSON.stringify(isLocal ? fullConfiguration : mixed))
      const local = isLocal ? mixed : {}
      workspace.write('singletrack.local.jsonc', JSON.stringify(local))
      const result = await workspace.load({ run: async () => ({ kind: 'not-found' }) })
      expect(wordless(result)).toEqual([])
    }),
    { numRuns: runs },
  )
})

test('no text and no bytes make loading throw', async () => {
  using workspace = temporaryWorkspace({})
  const token = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    '//',
    '/*',
    '*/',
    '\n',
    '\r',
    '\\',
    '"a"',
    '1',
    'null',
    ' ',
  )
  const text = fc.array(fc.oneof(token, fc.string({ unit: 'binary' })), { maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        text.map((parts) => Buffer.from(parts.join(''))),
        fc.uint8Array(),
      ),
      async (bytes) => {
        workspace.write(file, bytes)
        expect((await workspace.load()).kind).toBe('invalid')
      },
    ),
    { numRuns: 300 },
  )
})

test('what loads, loads equal the second time, and from a file without layers', async () => {
  using workspace = temporaryWorkspace({})
  const target = fc.record(
    {
      run: fc.constantFrom(['x'], { command: ['x', '${name}'], stop: { grace: '1s' } }),
      build: fc.constantFrom(['y'], { shell: 'y', uses: [] }),
      watch: fc.constantFrom([], ['src/**', '!x'], ['/y']),
      extends: fc.constantFrom('p', ['p', 'q'], 'node'),
      priority: fc.integer({ min: -5, max: 5 }),
    },
    { requiredKeys: ['run'] },
  )
  const presets = { p: { debounce: '9ms' }, q: { extends: 'p', env: { A: '1' } } }
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), target, { minKeys: 1 }),
      async (targets) => {
        workspace.write(file, JSON.stringify({ presets, targets }))
        const first = loaded(await workspace.load())
        expect(loaded(await workspace.load())).toEqual(first)
        expect(first.settings.every(({ origin }) => origin !== '')).toBe(true)
      },
    ),
    { numRuns: 50 },
  )
})
