import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test, vi } from 'vitest'

import type { BackendName } from '../src/index.ts'
import { eventually } from './support/eventually.ts'
import { type TemporaryDirectory, largeTemporaryDirectory } from './support/temporary-directory.ts'
import { type WatchingProcess, watchInProcess } from './support/watching-process.ts'

// Tens of thousands of files, made and changed by programs that a loaded machine lets wait.
vi.setConfig({ testTimeout: 240_000 })

/** More than the kernel's queue of 16,384 events holds, and no larger than needed for that. */
const OVERFLOWING = 20_000
const FILES_PER_DIRECTORY = 250

/** Files `d0/f0` … in directories of 250. */
async function largeTree(
  files: number,
): Promise<TemporaryDirectory & { readonly names: readonly string[] }> {
  const directory = await largeTemporaryDirectory()
  const names: string[] = []
  for (let at = 0; at < files; at += 1) {
    const name = `d${Math.floor(at / FILES_PER_DIRECTORY)}`
    if (at % FILES_PER_DIRECTORY === 0) mkdirSync(join(directory.path, name))
    names.push(`${name}/f${at % FILES_PER_DIRECTORY}`)
    writeFileSync(join(directory.path, `${name}/f${at % FILES_PER_DIRECTORY}`), '')
  }
  return { ...directory, names }
}

/** Stops the process for as long as `act` takes, so that events pile up in the kernel. */
function whileStopped(watching: WatchingProcess, act: () => void): void {
  watching.child.kill('SIGSTOP')
  act()
  watching.child.kill('SIGCONT')
}

const onLinux = process.platform === 'linux' ? describe : describe.skip

onLinux('edits while the process is stopped', () => {
  test.for<[BackendName, number]>([
    ['inotify', OVERFLOWING],
    ['inotify', 2 * OVERFLOWING],
    ['chokidar', OVERFLOWING],
    ['chokidar', 2 * OVERFLOWING],
  ])('are found by a rescan, on %s all of %i', async ([backend, count]) => {
    await using tree = await largeTree(count)
    await using watching = await watchInProcess(tree.path, backend)
    whileStopped(watching, () => {
      for (const name of tree.names) writeFileSync(join(tree.path, name), 'edited')
    })
    const { named, complete, reasons, warnings } = await watching.report()
    expect(complete).toBe(true)
    const expected = tree.names.map((name) => `change ${name}`)
    expect(missing(expected, named)).toEqual([])
    expect(reasons).toContain('rescan')
    expect(warnings.map(({ code }) => code)).toContain('EVENTS_LOST')
  })
})

onLinux('a tree replaced while the process is stopped', () => {
  test.for<[BackendName]>([['inotify'], ['chokidar']])(
    'is watched again, on %s',
    async ([backend]) => {
      await using tree = await largeTree(OVERFLOWING)
      await using watching = await watchInProcess(tree.path, backend)
      whileStopped(watching, () => {
        // The same names, and often the same inode numbers: only new watches see later changes.
        rmSync(join(tree.path, 'd0'), { recursive: true })
        mkdirSync(join(tree.path, 'd0'))
        for (const name of tree.names) writeFileSync(join(tree.path, name), 'edited')
      })
      await watching.report()
      writeFileSync(join(tree.path, 'd0/f0'), 'later')
      await eventually(async () => expect((await watching.told()).named).toContain('change d0/f0'))
    },
  )
})

onLinux('rm -rf', () => {
  test.for<[BackendName, number]>([
    ['inotify', 50_000],
    ['chokidar', 50_000],
  ])('on %s, each of %i files is told to be gone', async ([backend, count]) => {
    await using tree = await largeTree(count)
    await using watching = await watchInProcess(tree.path, backend)
    execFileSync('rm', [
      '-rf',
      ...new Set(tree.names.map((name) => join(tree.path, name.split('/')[0] ?? ''))),
    ])
    const { named, complete } = await watching.report()
    expect(complete).toBe(true)
    expect(
      missing(
        tree.names.map((name) => `unlink ${name}`),
        named,
      ),
    ).toEqual([])
  })
})

onLinux('git checkout of 5,000 files', () => {
  test.for<[BackendName, number]>([
    ['inotify', 1],
    // chokidar comes late to new directories, and a poll may be in the middle of its round.
    ['chokidar', 2],
    ['poll', 2],
  ])('misses none, both ways, on %s, in at most %i batches', async ([backend, most]) => {
    await using tree = await repository()
    await using watching = await watchInProcess(tree.path, backend)
    for (const branch of ['other', 'main']) {
      git(tree.path, 'checkout', '-q', branch)
      const { named, batches } = await watching.report()
      const expected = readFileSync(join(tree.path, '.git', `expected-${branch}`), 'utf8').split(
        '\n',
      )
      expect(missing(expected, named)).toEqual([])
      expect(batches).toBeLessThanOrEqual(most)
    }
  })
})

/** Two branches: 3,500 files differ, 750 exist only on each (400 of them in directories of their own). */
async function repository(): Promise<TemporaryDirectory> {
  const directory = await largeTemporaryDirectory()
  const root = directory.path
  git(root, 'init', '-q', '-b', 'main')
  git(root, 'config', 'user.email', 'a@example.com')
  git(root, 'config', 'user.name', 'a')
  const shared = range(3_500).map((at) => `s${at % 100}/f${at}`)
  const only = (branch: string): string[] =>
    range(750).map((at) =>
      at < 400 ? `${branch}${at % 20}/f${at}` : `s${at % 100}/${branch}${at}`,
    )
  for (const branch of ['main', 'other']) {
    if (branch === 'other') {
      git(root, 'checkout', '-q', '-b', 'other')
      git(root, 'rm', '-rqf', '.')
    }
    for (const name of [...shared, ...only(branch)]) {
      mkdirSync(join(root, name, '..'), { recursive: true })
      writeFileSync(join(root, name), `${branch} ${name}`)
    }
    git(root, 'add', '-A')
    git(root, 'commit', '-qm', branch)
  }
  git(root, 'checkout', '-q', 'main')
  for (const [branch, from] of [
    ['other', 'main'],
    ['main', 'other'],
  ] as const) {
    const expected = [
      ...shared.map((name) => `change ${name}`),
      ...only(branch).map((name) => `add ${name}`),
      ...only(from).map((name) => `unlink ${name}`),
    ]
    writeFileSync(join(root, '.git', `expected-${branch}`), expected.join('\n'))
  }
  return directory
}

function git(root: string, ...args: readonly string[]): void {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  execFileSync('git', args, { cwd: root, stdio: 'ignore', env })
}

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

/** The first few that are missing: a list of thousands helps nobody. */
function missing(expected: readonly string[], named: readonly string[]): string[] {
  const known = new Set(named)
  return expected.filter((name) => !known.has(name)).slice(0, 5)
}
