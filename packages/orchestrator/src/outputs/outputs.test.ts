import {
  chmod,
  mkdir,
  mkdtemp,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { expect, onTestFinished, test } from 'vitest'

import { currentOutputs } from './current-outputs.ts'
import { DigestCache } from './digest-cache.ts'
import { findOutputs } from './find-outputs.ts'
import { hashOutputs, type OutputsFingerprint, sameOutputs } from './hash-outputs.ts'
import { outputsIdentity } from './outputs-identity.ts'

async function tree(files: Readonly<Record<string, string>>): Promise<string> {
  const created = await mkdtemp(join(tmpdir(), 'singletrack-outputs-'))
  onTestFinished(async () => rm(created, { recursive: true, force: true }))
  const root = await realpath(created)
  await write(root, files)
  return root
}

async function write(root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    // oxlint-disable-next-line no-await-in-loop -- folders before what is in them
    await mkdir(dirname(join(root, path)), { recursive: true })
    // oxlint-disable-next-line no-await-in-loop -- folders before what is in them
    await writeFile(join(root, path), text)
  }
}

async function pathsOf(root: string, globs: readonly string[]): Promise<readonly string[]> {
  return (await findOutputs(root, globs)).files.map(({ path }) => path)
}

function hashed(fingerprint: OutputsFingerprint): OutputsFingerprint & { kind: 'hashed' } {
  if (fingerprint.kind !== 'hashed') throw new Error('expected a hash')
  return fingerprint
}

/** A file written just now was written long before it is read, as far as the cache is told. */
const muchLater = (): number => Date.now() + 60_000

const sample = {
  'dist/a.js': 'a',
  'dist/sub/b.js': 'b',
  'dist/sub/b.js.map': 'map',
  'dist/.hidden': 'h',
  'packages/x/dist/x.js': 'x',
  'packages/x/src/x.ts': 'x',
  'packages/x/node_modules/dep/dist/d.js': 'd',
  'other.txt': 'o',
}

test.for([
  ['a literal file', ['other.txt'], ['other.txt']],
  [
    'a literal folder means all in it',
    ['dist'],
    ['dist/.hidden', 'dist/a.js', 'dist/sub/b.js', 'dist/sub/b.js.map'],
  ],
  ['a folder with a slash too', ['packages/x/dist/'], ['packages/x/dist/x.js']],
  ['a leading dot changes nothing', ['./dist/*.js'], ['dist/a.js']],
  ['one star stays in its folder', ['dist/*'], ['dist/.hidden', 'dist/a.js']],
  ['two stars go deep', ['dist/**/*.js'], ['dist/a.js', 'dist/sub/b.js']],
  ['a wildcard in the middle', ['packages/*/dist/**'], ['packages/x/dist/x.js']],
  [
    'braces across folders',
    ['{dist/sub,packages/x/src}/*'],
    ['dist/sub/b.js', 'dist/sub/b.js.map', 'packages/x/src/x.ts'],
  ],
  ['an exclusion', ['dist/**', '!dist/sub'], ['dist/.hidden', 'dist/a.js']],
  [
    'an exclusion by pattern',
    ['dist/**', '!**/*.map', '!dist/.hidden'],
    ['dist/a.js', 'dist/sub/b.js'],
  ],
  ['two globs for one file', ['dist/a.js', 'dist/*.js'], ['dist/a.js']],
  ['nothing', ['target/**'], []],
] as const)('globs: %s', async ([, globs, expected]) => {
  expect(await pathsOf(await tree(sample), globs)).toEqual(expected)
})

test('a folder that cannot hold outputs is not entered', async () => {
  const root = await tree(sample)
  // Whatever is entered and cannot be read would be missing; entering it is seen by its access time.
  const folder = join(root, 'packages/x/node_modules')
  const long = new Date(0)
  await utimes(folder, long, new Date())
  await findOutputs(root, ['packages/*/dist/**'])
  expect((await stat(folder)).atimeMs).toBe(0)
})

test('the same contents give the same fingerprint, wherever and whenever they were written', async () => {
  const first = await hashOutputs(await tree(sample), ['dist/**'])
  const second = await hashOutputs(await tree(sample), ['dist/**'])
  expect(sameOutputs(first, second)).toBe(true)
  expect(first).toMatchObject({ kind: 'hashed', files: 4, bytes: 6, unmatched: [] })
})

test.for([
  ['a changed byte', async (root: string) => writeFile(join(root, 'dist/a.js'), 'A')],
  ['a new file', async (root: string) => writeFile(join(root, 'dist/c.js'), '')],
  ['a missing file', async (root: string) => rm(join(root, 'dist/a.js'))],
  ['a new name', async (root: string) => rename(join(root, 'dist/a.js'), join(root, 'dist/z.js'))],
  ['a mode', async (root: string) => chmod(join(root, 'dist/a.js'), 0o755)],
  [
    'a file that became a folder',
    async (root: string) => {
      await rm(join(root, 'dist/a.js'))
      await write(root, { 'dist/a.js/a': 'a' })
    },
  ],
] as const)('%s changes the fingerprint and the identity', async ([, change]) => {
  const root = await tree(sample)
  const before = await hashOutputs(root, ['dist/**'])
  const identity = await outputsIdentity(root, ['dist/**'])
  await change(root)
  expect(sameOutputs(before, await hashOutputs(root, ['dist/**']))).toBe(false)
  expect(await outputsIdentity(root, ['dist/**'])).not.toBe(identity)
})

test('the identity changes with a rewrite of the same contents, the fingerprint does not', async () => {
  const root = await tree(sample)
  const before = await hashOutputs(root, ['dist/**'])
  const identity = await outputsIdentity(root, ['dist/**'])
  expect(await outputsIdentity(root, ['dist/**'])).toBe(identity)
  await rm(join(root, 'dist/a.js'))
  await write(root, { 'dist/a.js': 'a' })
  expect(await outputsIdentity(root, ['dist/**'])).not.toBe(identity)
  expect(sameOutputs(before, await hashOutputs(root, ['dist/**']))).toBe(true)
})

test('outputs that nobody touched since the last look are not read again', async () => {
  const root = await tree(sample)
  const known = await hashOutputs(root, ['dist/**'])
  expect(await currentOutputs(root, ['dist/**'], known)).toBe(known)
})

test('outputs that somebody wrote since the last look are seen as they are', async () => {
  const root = await tree(sample)
  const known = await hashOutputs(root, ['dist/**'])
  await write(root, { 'dist/a.js': 'written by somebody else' })
  const now = await currentOutputs(root, ['dist/**'], known)
  expect(sameOutputs(now, known)).toBe(false)
  expect(now).toEqual(await hashOutputs(root, ['dist/**']))
})

test('no outputs on disk are a value, equal to itself', async () => {
  const root = await tree({})
  const none = await hashOutputs(root, ['dist/**'])
  expect(none).toMatchObject({ kind: 'hashed', files: 0 })
  expect(sameOutputs(none, await hashOutputs(root, ['dist/**']))).toBe(true)
  await write(root, sample)
  expect(sameOutputs(none, await hashOutputs(root, ['dist/**']))).toBe(false)
})

test('a root that is gone has no outputs', async () => {
  const root = join(await tree({}), 'gone')
  expect(await hashOutputs(root, ['dist/**'])).toMatchObject({ files: 0, unmatched: ['dist/**'] })
})

test.runIf(process.platform === 'linux')(
  'a file that cannot be read (such as /proc/self/mem) is a value too',
  async () => {
    const fingerprint = await hashOutputs(await tree({}), ['/proc/self/mem'])
    expect(fingerprint).toMatchObject({ kind: 'hashed', files: 1 })
  },
)

test('undeclared outputs equal nothing, not even themselves', async () => {
  const undeclared = await hashOutputs(await tree(sample), [])
  expect(undeclared).toEqual({ kind: 'undeclared' })
  expect(sameOutputs(undeclared, undeclared)).toBe(false)
})

test('declared outputs that match nothing are named as they were declared', async () => {
  const globs = ['dist/*.js', 'build/**', './nothing.txt', '!dist/x']
  expect(hashed(await hashOutputs(await tree(sample), globs)).unmatched).toEqual([
    'build/**',
    './nothing.txt',
  ])
})

test('a link out of the root counts by its text and is not read', async () => {
  const outside = await tree({ secret: 'one' })
  const root = await tree({ 'dist/a': 'a' })
  await symlink(join(outside, 'secret'), join(root, 'dist/link'))
  await symlink(outside, join(root, 'dist/folder'))
  const before = await hashOutputs(root, ['dist/**'])
  await write(outside, { secret: 'two', more: 'files' })
  expect(sameOutputs(before, await hashOutputs(root, ['dist/**']))).toBe(true)
  expect(await pathsOf(root, ['dist/**'])).toEqual(['dist/a', 'dist/folder', 'dist/link'])
})

test('a link inside the root counts with what it points to', async () => {
  const root = await tree({ 'dist/v1.js': 'one', 'bin/run.js': 'x' })
  await symlink('../dist/v1.js', join(root, 'bin/current.js'))
  const before = await hashOutputs(root, ['bin/**'])
  await write(root, { 'dist/v1.js': 'two' })
  expect(sameOutputs(before, await hashOutputs(root, ['bin/**']))).toBe(false)
})

test('links in a circle and links to nowhere end', async () => {
  const root = await tree({ 'dist/a': 'a' })
  await symlink('.', join(root, 'dist/self'))
  await symlink('nowhere', join(root, 'dist/broken'))
  await symlink('loop', join(root, 'dist/loop'))
  expect(await pathsOf(root, ['dist/**'])).toEqual([
    'dist/a',
    'dist/broken',
    'dist/loop',
    'dist/self',
  ])
  expect(hashed(await hashOutputs(root, ['dist/**'])).files).toBe(4)
})

test('outputs beside the root may be declared', async () => {
  const root = await tree({ 'work/x': '', 'target/debug/api': 'binary' })
  expect(await pathsOf(join(root, 'work'), ['../target/debug/api'])).toEqual([
    '../target/debug/api',
  ])
  expect(await pathsOf(join(root, 'work'), [join(root, 'target/debug/*')])).toEqual([
    '../target/debug/api',
  ])
})

test('an unchanged file is not read again', async () => {
  const root = await tree({ 'dist/a': 'one' })
  const cache = new DigestCache()
  const before = await hashOutputs(root, ['dist/**'], { cache, now: muchLater })
  const [file] = (await findOutputs(root, ['dist/**'])).files
  if (file === undefined) throw new Error('the file is gone')
  // Shown by a digest that no reading would give.
  expect(cache.get(file.absolute, file.stats)).not.toBeNull()
  cache.set(file.absolute, file.stats, 'from the cache', muchLater())
  expect(sameOutputs(before, await hashOutputs(root, ['dist/**'], { cache, now: muchLater }))).toBe(
    false,
  )
})

test('a file that was written in the moment it was read is read again', async () => {
  const root = await tree({ 'dist/a': 'one' })
  const cache = new DigestCache()
  const before = await hashOutputs(root, ['dist/**'], { cache })
  const [file] = (await findOutputs(root, ['dist/**'])).files
  if (file === undefined) throw new Error('the file is gone')
  expect(cache.get(file.absolute, file.stats)).toBeNull()
  await write(root, { 'dist/a': 'two' })
  expect(sameOutputs(before, await hashOutputs(root, ['dist/**'], { cache }))).toBe(false)
})

test('a file from the future is never remembered', async () => {
  const root = await tree({ 'dist/a': 'one' })
  const future = new Date(Date.now() + 3_600_000)
  await utimes(join(root, 'dist/a'), future, future)
  const cache = new DigestCache()
  await hashOutputs(root, ['dist/**'], { cache, now: muchLater })
  const [file] = (await findOutputs(root, ['dist/**'])).files
  if (file === undefined) throw new Error('the file is gone')
  expect(cache.get(file.absolute, file.stats)).toBeNull()
})

test('hashing stops when it is told to', async () => {
  const root = await tree(sample)
  const signal = AbortSignal.abort(new Error('enough'))
  await expect(hashOutputs(root, ['dist/**'], { signal })).rejects.toThrow('enough')
})
