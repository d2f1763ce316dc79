import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import type {
  BackendSink,
  Batch,
  DirectoryBackend,
  RecursiveBackend,
  WatcherWarning,
} from '../src/index.ts'
import { createWatcher } from '../src/index.ts'
import { foreignFileSystem } from '../src/system/file-system-type.ts'
import { eventually } from './support/eventually.ts'
import { type TemporaryDirectory, temporaryDirectory } from './support/temporary-directory.ts'

interface Deaf extends AsyncDisposable {
  readonly directory: TemporaryDirectory
  readonly sink: BackendSink
  readonly watched: string[]
  readonly batches: Batch[]
  readonly warnings: WatcherWarning[]
}

/** A backend that hears nothing by itself; the test speaks for it. */
async function deafBackend(): Promise<Deaf> {
  const directory = await temporaryDirectory({ 'a/f': '1', 'b/f': '1' })
  const watched: string[] = []
  const batches: Batch[] = []
  const warnings: WatcherWarning[] = []
  const opened = Promise.withResolvers<BackendSink>()
  const backend: DirectoryBackend = {
    kind: 'directory',
    name: 'deaf',
    open(sink) {
      opened.resolve(sink)
      return {
        watch: (path) => {
          watched.push(path)
          return { close: () => void watched.splice(watched.indexOf(path), 1) }
        },
        close: () => Promise.resolve(),
      }
    },
  }
  const watcher = createWatcher({
    root: directory.path,
    backend,
    debounceMs: 5,
    onWarning: (warning) => warnings.push(warning),
  })
  watcher.add({ id: 'all', include: ['**'], onBatch: (batch) => void batches.push(batch) })
  await watcher.ready
  return {
    directory,
    sink: await opened.promise,
    watched,
    batches,
    warnings,
    async [Symbol.asyncDispose]() {
      await watcher.close()
      await directory[Symbol.asyncDispose]()
    },
  }
}

test('a hint is only a hint: what is told is what differs on the disk', async () => {
  await using deaf = await deafBackend()
  const { path } = deaf.directory
  writeFileSync(join(path, 'a/f'), '22')
  deaf.sink.hint(join(path, 'a/f'), 'look')
  deaf.sink.hint(join(path, 'b/f'), 'look')
  deaf.sink.hint(join(path, 'b/nothing'), 'entry')
  await eventually(() =>
    expect(deaf.batches).toMatchObject([{ changes: [{ path: 'a/f', kind: 'change' }] }]),
  )
})

test('when a backend has lost events everything is compared, and watched anew', async () => {
  await using deaf = await deafBackend()
  writeFileSync(join(deaf.directory.path, 'b/f'), '22')
  const before = deaf.watched.length
  deaf.sink.lost('backend')
  await eventually(() => {
    expect(deaf.batches.flatMap(({ changes }) => changes.map(({ path }) => path))).toContain('b/f')
  })
  expect(deaf.batches[0]).toMatchObject({ reason: 'rescan', complete: true })
  expect(deaf.warnings).toMatchObject([{ code: 'EVENTS_LOST', cause: 'backend' }])
  expect(deaf.watched).toHaveLength(before)
})

test('when a backend fails it is said, and everything is compared', async () => {
  await using deaf = await deafBackend()
  writeFileSync(join(deaf.directory.path, 'b/f'), '22')
  deaf.sink.failed(new Error('the bus is gone'))
  await eventually(() => {
    expect(deaf.batches.flatMap(({ changes }) => changes.map(({ path }) => path))).toContain('b/f')
  })
  expect(deaf.warnings).toMatchObject([
    {
      code: 'BACKEND_FAILED',
      message: 'deaf reported: the bus is gone; everything is compared with the disk',
    },
  ])
})

test('a directory that the backend gives up on is polled', async () => {
  await using deaf = await deafBackend()
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
  deaf.sink.unwatchable(join(deaf.directory.path, 'a'), full)
  writeFileSync(join(deaf.directory.path, 'a/f'), '22')
  await eventually(() => expect(deaf.batches).toMatchObject([{ changes: [{ path: 'a/f' }] }]))
})

test.for([
  ['files changed unheard', (at: string) => writeFileSync(join(at, 'a/f'), '22'), 'a/f', 1],
  ['a directory came unheard', (at: string) => mkdirSync(join(at, 'a/new')), 'a/new', 2],
] as const)('where %s, a loss is told', async ([, act, path, opened]) => {
  await using directory = await temporaryDirectory({ 'a/f': '1' })
  const sinks: BackendSink[] = []
  const told: string[] = []
  const backend: RecursiveBackend = {
    kind: 'recursive',
    name: 'deaf',
    open(sink) {
      sinks.push(sink)
      return {
        ready: Promise.resolve(),
        hearsAtOnce: true,
        hasEntered: () => true,
        cover: () => {},
        close: () => Promise.resolve(),
      }
    },
  }
  await using watcher = createWatcher({ root: directory.path, backend, onWarning: () => {} })
  watcher.add({
    id: 'all',
    include: ['**'],
    onBatch: ({ changes }) => void told.push(...changes.map((change) => change.path)),
  })
  await watcher.ready
  act(directory.path)
  sinks[0]?.lost('overflow')
  await watcher.sync()
  expect(told).toContain(path)
  // Only a backend that missed a directory is started anew.
  expect(sinks).toHaveLength(opened)
})

test.for([
  [0x6969, 'nfs'],
  [-0xacb2be, 'cifs'],
  [0x01021997, '9p'],
  [0xef53, undefined],
] as const)('file system type %i is known as %s', ([type, expected]) => {
  expect(foreignFileSystem('/', () => type)).toBe(expected)
})
