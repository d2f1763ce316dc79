import { mkdirSync, symlinkSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import {
  type TemporaryWorkspace,
  temporaryWorkspace,
} from '../../../test/configuration/temporary-workspace.ts'
import type { CargoWorkspace } from './cargo-metadata.ts'
import { cargoResources } from './cargo-resources.ts'

const workspace = (targetDirectory: string, buildDirectory = targetDirectory): CargoWorkspace => ({
  root: path.dirname(targetDirectory),
  targetDirectory,
  buildDirectory,
  packageDirectories: [],
  binaries: [],
  buildsAllByDefault: true,
})

/** Two roots beside each other, each with its own configuration. */
const roots = (): TemporaryWorkspace =>
  temporaryWorkspace({ 'a/singletrack.jsonc': '{}', 'b/singletrack.jsonc': '{}' })

/** The resources by their directories relative to the root. */
const found = (root: string, ...workspaces: readonly CargoWorkspace[]): unknown =>
  Object.fromEntries(
    [...cargoResources(workspaces)].map(([directory, resource]) => [
      path.relative(root, directory),
      resource,
    ]),
  )

test('the target directory of a root has the lock that everybody expects', () => {
  using tree = roots()
  const own = workspace(path.join(tree.root, 'a/target'))
  expect(found(tree.root, own, own)).toEqual({
    'a/target': { name: 'cargo-target', lock: 'cargo-target' },
  })
})

test('a build directory of its own has a lock of its own', () => {
  using tree = roots()
  const own = workspace(path.join(tree.root, 'a/target'), path.join(tree.root, 'a/.cache/build'))
  expect(found(tree.root, own)).toEqual({
    'a/.cache/build': {
      name: expect.stringMatching(/^cargo-[0-9a-f]{16}$/),
      lock: expect.any(String),
    },
    'a/target': { name: 'cargo-target', lock: 'cargo-target' },
  })
})

test('the name of a lock does not depend on what else is built, so that others come to the same', () => {
  using tree = roots()
  const shared = workspace(path.join(tree.root, 'a/out/cargo'))
  const lockOf = (...workspaces: readonly CargoWorkspace[]): string | undefined =>
    cargoResources(workspaces).get(shared.targetDirectory)?.lock
  expect(lockOf(shared)).toBe('cargo-out-cargo')
  expect(lockOf(workspace(path.join(tree.root, 'a/aaa')), shared)).toBe('cargo-out-cargo')
})

test('two roots with a "target" each are two resources, each with the lock of its root', () => {
  using tree = roots()
  const both = ['a', 'b'].map((name) => workspace(path.join(tree.root, name, 'target')))
  expect(found(tree.root, ...both)).toEqual({
    'a/target': { name: 'cargo-target', lock: 'cargo-target' },
    'b/target': { name: 'cargo-target-2', lock: 'cargo-target' },
  })
})

test('a link and what it leads to are one resource', () => {
  using tree = roots()
  const real = path.join(tree.root, 'a/target')
  mkdirSync(real)
  const link = path.join(tree.root, 'b/target')
  symlinkSync(real, link)
  const resource = { name: 'cargo-target', lock: 'cargo-target' }
  expect(found(tree.root, workspace(real), workspace(link))).toEqual({
    'a/target': resource,
    'b/target': resource,
  })
})
