import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { type Batch, createWatcher } from '../src/index.ts'
import { type Step, histories, perform } from './support/history.ts'
import { temporaryDirectory } from './support/temporary-directory.ts'
import { Oracle, type Subject, subjectOptions } from './support/watch-rig.ts'

const FILES = { 'tree/a.txt': '1', 'tree/b.txt': '1', 'tree/d/c.txt': '1', 'tree/gone/f': '1' }

interface Offline extends AsyncDisposable {
  readonly tree: string
  readonly file: string
  /** Watches until the snapshot is written. */
  once(onBatch?: (batch: Batch) => void): Promise<void>
  /** Watches until everything since the snapshot is told. */
  again(): Promise<Batch[]>
}

async function offline(
  subject: Subject,
  files: Readonly<Record<string, string>> = FILES,
): Promise<Offline> {
  const directory = await temporaryDirectory({ 'tree/': '', ...files })
  const [tree, file] = [join(directory.path, 'tree'), join(directory.path, 'snapshot.json')]
  const options = {
    ...subjectOptions(subject),
    root: tree,
    debounceMs: 5,
    onWarning: () => {},
  }
  return {
    tree,
    file,
    async once(onBatch = () => {}) {
      await using watcher = createWatcher(options)
      watcher.add({ id: 'all', include: ['**'], onBatch })
      await watcher.ready
      await watcher.snapshot(file)
    },
    async again() {
      await using watcher = createWatcher({ ...options, snapshot: file })
      const batches: Batch[] = []
      watcher.add({ id: 'all', include: ['**'], onBatch: (batch) => void batches.push(batch) })
      await watcher.ready
      await watcher.sync()
      return batches
    },
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  }
}

/** Older than any time stamp could hide a change; of files that were made this moment it could. */
const settleStamps = (): Promise<void> => pause(60)

describe.for<Subject>(['inotify', 'chokidar', 'poll', 'worker'])('on %s', (subject) => {
  test('what changed while nobody watched is the first batch', async () => {
    await using rig = await offline(subject)
    await settleStamps()
    await rig.once()
    writeFileSync(join(rig.tree, 'a.txt'), '22')
    rmSync(join(rig.tree, 'gone'), { recursive: true })
    mkdirSync(join(rig.tree, 'new'))
    writeFileSync(join(rig.tree, 'new/g'), '')
    expect(await rig.again()).toMatchObject([
      {
        reason: 'offline',
        complete: true,
        changes: [
          { path: 'gone/f', kind: 'unlink' },
          { path: 'gone', kind: 'unlink' },
          { path: 'a.txt', kind: 'change' },
          { path: 'new', kind: 'add' },
          { path: 'new/g', kind: 'add' },
        ],
      },
    ])
  })
})

test.for([
  ['a file', (path: string) => writeFileSync(path, '')],
  ['a link to a directory with the same names', (path: string) => symlinkSync('d', path)],
] as const)('a directory that became %s has lost all that was in it', async ([, replace]) => {
  await using rig = await offline('inotify', { 'tree/d/c.txt': '1', 'tree/e/c.txt': '1' })
  await settleStamps()
  await rig.once()
  rmSync(join(rig.tree, 'e'), { recursive: true })
  replace(join(rig.tree, 'e'))
  const told = (await rig.again()).flatMap(({ changes }) => changes)
  expect(told.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'unlink e/c.txt',
    'unlink e',
    'add e',
  ])
})

test('nothing is told if nothing changed', async () => {
  await using rig = await offline('inotify')
  await settleStamps()
  await rig.once()
  expect(await rig.again()).toEqual([])
})

test('without a file anything may have changed', async () => {
  await using rig = await offline('inotify')
  expect(await rig.again()).toMatchObject([{ reason: 'offline', complete: false, changes: [] }])
})

test.for([
  ['{', 'it is not JSON'],
  ['[]', 'it is not a snapshot of version 1'],
  ['{"version":1,"root":"/elsewhere"}', 'it is of another root, /elsewhere'],
] as const)('a file that is none is told, and trusted in nothing: %s', async ([text, problem]) => {
  await using rig = await offline('inotify')
  writeFileSync(rig.file, text)
  const batches: Batch[] = []
  const messages: string[] = []
  await using watcher = createWatcher({
    root: rig.tree,
    snapshot: rig.file,
    onWarning: ({ message }) => messages.push(message),
  })
  watcher.add({ id: 'all', include: ['**'], onBatch: (batch) => void batches.push(batch) })
  await watcher.ready
  await watcher.sync()
  expect(batches).toMatchObject([{ reason: 'offline', complete: false }])
  expect(messages).toEqual([
    `the snapshot ${rig.file} cannot be used: ${problem}; anything may have changed since`,
  ])
})

test('a snapshot is for its user alone, and an unwritable place is an error', async () => {
  await using rig = await offline('inotify')
  await rig.once()
  expect(statSync(rig.file).mode & 0o777).toBe(0o600)
  await using watcher = createWatcher({ root: rig.tree })
  await expect(watcher.snapshot(join(rig.tree, 'no/such/place'))).rejects.toMatchObject({
    code: 'ENOENT',
  })
})

test('random changes while nobody watches: the first batch tells what is on the disk', async () => {
  const property = fc.asyncProperty(histories, async (rounds: readonly Step[][]) => {
    await using rig = await offline('inotify', {})
    await perform(rig.tree, rounds[0] ?? [])
    const oracle = new Oracle(rig.tree)
    await rig.once(oracle.onBatch)
    oracle.check()
    for (const steps of rounds.slice(1)) {
      await perform(rig.tree, steps)
      for (const batch of await rig.again()) oracle.onBatch(batch)
      oracle.check()
      await rig.once()
    }
  })
  const parameters = { numRuns: 25, interruptAfterTimeLimit: 20_000 }
  await expect(fc.assert(property, parameters)).resolves.toBeUndefined()
})
