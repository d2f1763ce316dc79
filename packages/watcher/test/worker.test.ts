import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { expect, test } from 'vitest'

import { type Batch, type WatcherWarning, createWatcher } from '../src/index.ts'
import { resolveOptions } from '../src/resolve-options.ts'
import { RemoteWatcher } from '../src/worker/remote-watcher.ts'
import { eventually } from './support/eventually.ts'
import { type TemporaryDirectory, temporaryDirectory } from './support/temporary-directory.ts'
import { watchRig } from './support/watch-rig.ts'

const FILES = { 'a.txt': '1', 'b.txt': '1' }

test('a busy program does not keep the thread from its work', async () => {
  await using rig = await watchRig('worker', { files: FILES })
  writeFileSync(join(rig.root, 'a.txt'), '22')
  // This thread stands still: asking is the only thing it does.
  const endsAt = performance.now() + 20_000
  while (rig.watcher.stats().clock === 0 && performance.now() < endsAt);
  expect(rig.watcher.stats().clock).toBeGreaterThan(0)
  expect(rig.batches).toEqual([])
  expect(await rig.settle()).toContain('change a.txt')
})

test('the next batch waits for the handler, though it runs in another thread', async () => {
  const release = Promise.withResolvers<void>()
  const seen: Batch[] = []
  await using rig = await watchRig('worker', {
    files: FILES,
    target: {
      onBatch: async (batch) => {
        seen.push(batch)
        if (batch.seq === 1) await release.promise
      },
    },
  })
  writeFileSync(join(rig.root, 'a.txt'), '22')
  await eventually(() => expect(seen).toHaveLength(1))
  writeFileSync(join(rig.root, 'b.txt'), '22')
  await eventually(() => expect(rig.watcher.stats().pending).toBeGreaterThan(0))
  release.resolve()
  await rig.watcher.sync()
  // The second event of the first write may come late, and merge.
  expect(seen.map(({ seq }) => seq)).toEqual([1, 2])
  expect(seen[1]?.changes.map(({ path }) => path)).toContain('b.txt')
})

test('a handler that throws is reported with what it threw, and gets the next batch', async () => {
  const cause = new Error('no such build')
  const told: string[] = []
  await using rig = await watchRig('worker', {
    files: FILES,
    target: {
      onBatch: ({ changes }) => {
        told.push(...changes.map(({ path }) => path))
        throw cause
      },
    },
  })
  for (const name of ['a.txt', 'b.txt']) {
    writeFileSync(join(rig.root, name), '22')
    await rig.watcher.sync()
  }
  expect(told).toEqual(expect.arrayContaining(['a.txt', 'b.txt']))
  expect(rig.warnings[0]).toMatchObject({ code: 'HANDLER_FAILED', cause })
})

test('warnings come from the thread', async () => {
  await using rig = await watchRig('worker', { files: FILES })
  rmSync(rig.root, { recursive: true })
  await eventually(() => expect(rig.warnings.map(({ code }) => code)).toContain('ROOT_REMOVED'))
})

test('a path is explained by the thread', async () => {
  await using rig = await watchRig('worker', { files: { '.gitignore': 'out\n', 'out/f': '' } })
  expect(rig.watcher.explain('out/f')).toEqual({
    ignoredBy: { kind: 'file', file: '.gitignore', line: 1, pattern: 'out' },
    targets: [],
    watched: false,
  })
})

test('misuse throws at the call, not in the thread', async () => {
  await using rig = await watchRig('worker')
  const target = { id: 'all', include: ['**'], onBatch: () => {} }
  expect(() => rig.watcher.add(target)).toThrow('there is a target "all" already')
  expect(() => rig.watcher.add({ ...target, id: 'bad', include: [''] })).toThrow(
    'bad.include has "", which is not a glob',
  )
  expect(() =>
    createWatcher({ root: '.', worker: true, backend: { kind: 'silent', name: 'mine' } }),
  ).toThrow('worker needs a backend by name: an object stays in its thread')
})

interface ThreadRig extends AsyncDisposable {
  readonly directory: TemporaryDirectory
  readonly watcher: RemoteWatcher
  readonly warnings: readonly WatcherWarning[]
}

/** A watcher whose thread runs another program, and gets little time to end. */
async function threadRig(program: string): Promise<ThreadRig> {
  const directory = await temporaryDirectory({ 'thread.mjs': program })
  const warnings: WatcherWarning[] = []
  const options = resolveOptions({
    root: directory.path,
    onWarning: (warning) => warnings.push(warning),
  })
  const { root, gitignore, followSymlinks, debounceMs, maxWaitMs, vcsHoldMs } = options
  const timing = { debounceMs, maxWaitMs, vcsHoldMs }
  const watcher = new RemoteWatcher(
    options,
    { root, gitignore, followSymlinks, backend: 'auto', ignore: [], ...timing },
    { url: pathToFileURL(join(directory.path, 'thread.mjs')), endMs: 100 },
  )
  return { directory, watcher, warnings, [Symbol.asyncDispose]: directory[Symbol.asyncDispose] }
}

test('a thread that dies is told, and nothing waits for it', async () => {
  await using rig = await threadRig("setImmediate(() => { throw new Error('out of memory') })")
  const target = rig.watcher.add({ id: 'all', include: ['**'], onBatch: () => {} })
  await expect(rig.watcher.sync()).rejects.toMatchObject({ code: 'WATCHER_THREAD' })
  await target.ready
  await rig.watcher.close()
  expect(rig.warnings).toMatchObject([
    {
      code: 'THREAD_ENDED',
      message:
        'the thread of the watcher ended: out of memory; nothing is watched any more, create a new watcher',
    },
  ])
})

test('a thread that hangs is left behind, never ended by force', async () => {
  await using rig = await threadRig(`
    import { existsSync, writeFileSync } from 'node:fs'
    import { setTimeout as pause } from 'node:timers/promises'
    const file = (name) => new URL(name, import.meta.url)
    writeFileSync(file('started'), '')
    while (!existsSync(file('go-on'))) await pause(10)
    writeFileSync(file('went-on'), '')
  `)
  const file = (name: string): string => join(rig.directory.path, name)
  await eventually(() => expect(existsSync(file('started'))).toBe(true))
  await rig.watcher.close()
  expect(rig.warnings).toMatchObject([
    {
      code: 'THREAD_HANGS',
      message:
        'the thread of the watcher does not end; it is left behind, and does not keep the program alive',
    },
  ])
  writeFileSync(file('go-on'), '')
  await eventually(() => expect(existsSync(file('went-on'))).toBe(true))
})
