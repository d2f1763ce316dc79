import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { findGitDirectory, findWorkTree } from './git-directory.ts'
import { Repositories } from './vcs-hold.ts'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'singletrack-git-'))
  mkdirSync(join(root, 'main/.git/worktrees/linked'), { recursive: true })
  mkdirSync(join(root, 'linked/src'), { recursive: true })
  writeFileSync(join(root, 'linked/.git'), `gitdir: ${root}/main/.git/worktrees/linked\n`)
  mkdirSync(join(root, 'main/sub'))
  writeFileSync(join(root, 'main/sub/.git'), 'gitdir: ../.git/modules/sub\n')
})

afterEach(() => rmSync(root, { recursive: true }))

test('the git directory of a work tree is its .git', () => {
  expect(findGitDirectory(join(root, 'main'))).toBe(join(root, 'main/.git'))
})

test('a linked work tree and a submodule name theirs in a file', () => {
  expect(findGitDirectory(join(root, 'linked'))).toBe(join(root, 'main/.git/worktrees/linked'))
  expect(findGitDirectory(join(root, 'main/sub'))).toBe(join(root, 'main/.git/modules/sub'))
})

test('a directory is in the nearest work tree above it', () => {
  expect(findWorkTree(join(root, 'linked/src'))).toBe(join(root, 'linked'))
  expect(findWorkTree(join(root, 'main/sub'))).toBe(join(root, 'main/sub'))
})

test('all work trees met have a say', () => {
  const repositories = new Repositories()
  repositories.add(join(root, 'main'))
  repositories.add(join(root, 'linked'))
  repositories.add(join(root, 'nowhere'))
  expect([...repositories.gitDirectories]).toEqual([
    join(root, 'main/.git'),
    join(root, 'main/.git/worktrees/linked'),
  ])
})
