import { chownSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { temporaryWorkspace } from '../../../test/configuration/temporary-workspace.ts'
import { RootError, resolveLockRoot, resolveRoot } from './resolve-root.ts'

/** What is found from a directory of a tree, relative to its top. */
function found(files: Readonly<Record<string, string>>, from: string): string {
  using tree = temporaryWorkspace(files)
  const cwd = path.join(tree.root, from)
  mkdirSync(cwd, { recursive: true })
  return path.relative(tree.root, resolveRoot({ cwd })) || '.'
}

const npm = '{ "workspaces": ["packages/*"] }'
const cargo = '[package]\nname = "x"\n\n[workspace]\nmembers = []\n'

test.for([
  ['where the configuration lies', { 'a/singletrack.jsonc': '{}' }, 'a/b/c', 'a'],
  [
    'the nearest configuration',
    { 'singletrack.jsonc': '{}', 'a/singletrack.jsonc': '{}', '.git/HEAD': '' },
    'a/b',
    'a',
  ],
  [
    'the configuration rather than a workspace',
    { 'singletrack.jsonc': '{}', 'a/.git/HEAD': '', 'a/package.json': npm },
    'a/b',
    '.',
  ],
  [
    'the outermost workspace of the work tree',
    { '.git/HEAD': '', 'w/package.json': npm, 'w/rust/Cargo.toml': cargo },
    'w/rust/crates/api',
    'w',
  ],
  ['a Cargo workspace', { '.git/HEAD': '', 'rust/Cargo.toml': cargo }, 'rust/api', 'rust'],
  [
    'a workspace described by dotted keys',
    { '.git/HEAD': '', 'rust/Cargo.toml': '[workspace.dependencies]\n' },
    'rust/api',
    'rust',
  ],
  ['a pnpm workspace', { '.git/HEAD': '', 'js/pnpm-workspace.yaml': '' }, 'js/api', 'js'],
  [
    'the top of the work tree without a workspace',
    { '.git/HEAD': '', 'a/package.json': '{ "name": "a" }', 'a/Cargo.toml': '[package]\n' },
    'a/b',
    '.',
  ],
  ['the work tree of a linked worktree', { '.git': 'gitdir: /elsewhere' }, 'a/b', '.'],
  [
    'nothing of a workspace outside the work tree',
    { 'package.json': npm, 'a/.git/HEAD': '' },
    'a/b',
    'a',
  ],
  ['the directory itself without git', { 'package.json': npm }, 'a/b', 'a/b'],
  [
    'a manifest that is being edited',
    { '.git/HEAD': '', 'a/package.json': '{ "workspaces": ' },
    'a',
    '.',
  ],
] as const)('the root is %s', ([, files, from, root]) => {
  expect(found(files, from)).toBe(root)
})

test('--root is taken as it is, relative to the current directory, by its real path', () => {
  using tree = temporaryWorkspace({ 'singletrack.jsonc': '{}', 'a/b/x': '' })
  symlinkSync(path.join(tree.root, 'a'), path.join(tree.root, 'link'))
  expect(resolveRoot({ cwd: tree.root, root: 'link/b' })).toBe(path.join(tree.root, 'a/b'))
})

test('a root that is no directory is refused by name', () => {
  using tree = temporaryWorkspace({ file: '' })
  for (const root of ['missing', 'file']) {
    const directory = path.join(tree.root, root)
    const attempt = (): string => resolveRoot({ cwd: tree.root, root })
    expect(attempt).toThrow(RootError)
    expect(attempt).toThrow(`${directory} is not a directory; check --root`)
  }
})

test('a directory that is reached through a link has the root of its real place', () => {
  using tree = temporaryWorkspace({ 'real/singletrack.jsonc': '{}', 'real/a/x': '' })
  symlinkSync(path.join(tree.root, 'real/a'), path.join(tree.root, 'link'))
  expect(resolveRoot({ cwd: path.join(tree.root, 'link') })).toBe(path.join(tree.root, 'real'))
})

test('the lock of a shared directory lies in the root of that directory, built or not', () => {
  using tree = temporaryWorkspace({ 'main/singletrack.jsonc': '{}', 'main/dist/x': '' })
  const main = path.join(tree.root, 'main')
  symlinkSync(path.join(main, 'dist'), path.join(tree.root, 'dist'))
  expect(resolveLockRoot(path.join(main, 'dist'))).toBe(main)
  expect(resolveLockRoot(path.join(main, 'not/yet/there'))).toBe(main)
  expect(resolveLockRoot(path.join(tree.root, 'dist'))).toBe(main)
})

test('the lock of a directory outside any workspace lies beside it, where cleaning keeps it', () => {
  using tree = temporaryWorkspace({ 'cache/target/x': '' })
  const cache = realpathSync(path.join(tree.root, 'cache'))
  expect(resolveLockRoot(path.join(cache, 'target'))).toBe(cache)
  expect(resolveLockRoot(path.join(cache, 'later'))).toBe(cache)
})

test("somebody else's configuration in a shared parent does not say what we run", ({ skip }) => {
  if (process.getuid?.() !== 0) skip('only root can make a file of another user')
  using tree = temporaryWorkspace({ 'singletrack.jsonc': '{}', 'mine/x': '' })
  const mine = path.join(tree.root, 'mine')
  expect(resolveRoot({ cwd: mine })).toBe(tree.root)
  chownSync(path.join(tree.root, 'singletrack.jsonc'), 54_321, 54_321)
  expect(resolveRoot({ cwd: mine })).toBe(mine)
  // A checkout that belongs to the same other user as its configuration is a checkout of his.
  chownSync(mine, 54_321, 54_321)
  expect(resolveRoot({ cwd: mine })).toBe(tree.root)
})
