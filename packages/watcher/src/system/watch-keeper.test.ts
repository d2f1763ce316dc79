import { setImmediate as nextTurn } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { directoryNode } from '../../test/support/directory-node.ts'
import { ManualClock } from '../../test/support/manual-clock.ts'
import type { BackendSink, DirectoryBackend, RecursiveBackend } from '../backend/backend.ts'
import type { DirectoryNode } from '../tree/directory-node.ts'
import type { WatcherWarning } from '../warnings.ts'
import { Poller } from './poller.ts'
import { WatchKeeper } from './watch-keeper.ts'

const DEAF: BackendSink = {
  raw: () => {},
  hint: () => {},
  hintIn: () => {},
  lost: () => {},
  unwatchable: () => {},
  failed: () => {},
}

/** Directories by path; `mounts` are on another device than what they are in. */
function keep(mounts: Readonly<Record<string, string | undefined>>): {
  watch: (path: string, parent?: DirectoryNode) => DirectoryNode
  watched: string[]
  warnings: WatcherWarning[]
} {
  const [watched, warnings]: [string[], WatcherWarning[]] = [[], []]
  const backend: DirectoryBackend = {
    kind: 'directory',
    name: 'test',
    open: () => ({
      watch: (path) => {
        watched.push(path)
        return { close: () => {} }
      },
      close: () => Promise.resolve(),
    }),
  }
  const keeper = new WatchKeeper({
    root: '/root',
    backend,
    scope: {
      root: '/root',
      followSymlinks: false,
      excludesDirectory: () => false,
      isFile: () => false,
    },
    sink: DEAF,
    poller: new Poller({
      // No round ever comes.
      clock: {
        now: () => 0,
        setTimeout: () => setTimeout(() => {}, 0).unref(),
        clearTimeout: (timer) => clearTimeout(timer),
      },
      compare: () => Promise.resolve(0),
      isRootInPlace: () => true,
      settled: () => {},
    }),
    warn: (warning) => warnings.push(warning),
    foreignFileSystem: (path) => mounts[path],
  })
  return {
    watched,
    warnings,
    watch: (path, parent) => {
      const device = path in mounts ? path.length : (parent?.device ?? 0)
      const node = directoryNode(path, parent, device)
      node.watch = keeper.watch(node)
      return node
    },
  }
}

test('a network mount is named once, and polled with everything in it', () => {
  const { watch, watched, warnings } = keep({ '/root/share': 'nfs' })
  const root = watch('/root')
  const share = watch('/root/share', root)
  const inside = watch('/root/share/src', share)
  const beside = watch('/root/src', root)
  const kinds = [root, share, inside, beside].map((node) => node.watch.kind)
  expect(kinds).toEqual(['native', 'polled', 'polled', 'native'])
  expect(watched).toEqual(['/root', '/root/src'])
  expect(warnings).toEqual([
    {
      code: 'FOREIGN_FILE_SYSTEM',
      message: '/root/share is on nfs, where not all changes cause events; it is polled',
      path: '/root/share',
      fileSystem: 'nfs',
    },
  ])
})

test('what is mounted inside a network mount, and is local, is watched', () => {
  const { watch } = keep({ '/root': 'nfs', '/root/tmp': undefined })
  const root = watch('/root')
  const local = watch('/root/tmp', root)
  expect([root.watch.kind, local.watch.kind]).toEqual(['polled', 'native'])
})

test('a new directory that the backend does not come to is polled, and asked for again', async () => {
  const [covered, entered]: [string[], Set<string>] = [[], new Set()]
  const backend: RecursiveBackend = {
    kind: 'recursive',
    name: 'test',
    open: () => ({
      ready: Promise.resolve(),
      hearsAtOnce: true,
      hasEntered: (directory) => entered.has(directory),
      cover: (directories) => void covered.push(...directories),
      close: () => Promise.resolve(),
    }),
  }
  const clock = new ManualClock()
  const polled: string[] = []
  const poller: Poller = new Poller({
    clock,
    compare: (nodes) => {
      polled.push(...nodes.map(({ path }) => path))
      return Promise.resolve(0)
    },
    isRootInPlace: () => true,
    settled: (node) => keeper.settled(node),
  })
  const keeper = new WatchKeeper({
    root: '/root',
    backend,
    scope: {
      root: '/root',
      followSymlinks: false,
      excludesDirectory: () => false,
      isFile: () => false,
    },
    sink: DEAF,
    poller,
    warn: () => {},
    foreignFileSystem: () => undefined,
  })
  const pass = async (seconds: number): Promise<void> => {
    for (let at = 0; at < seconds * 100; at += 1) {
      clock.turn(10)
      await nextTurn()
    }
  }
  keeper.begin()
  const node = directoryNode('/root/new', undefined, 0)
  node.watch = keeper.watch(node)
  await pass(6)
  expect(covered).toEqual(['/root/new'])
  entered.add('/root/new')
  await pass(6)
  const before = polled.length
  await pass(6)
  expect(covered).toEqual(['/root/new'])
  expect(polled).toHaveLength(before)
})
