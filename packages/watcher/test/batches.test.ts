import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { type Batch, createWatcher } from '../src/index.ts'
import { eventually } from './support/eventually.ts'
import { temporaryDirectory } from './support/temporary-directory.ts'
import { watchRig } from './support/watch-rig.ts'

const backend = process.platform === 'linux' ? 'inotify' : 'chokidar'

/** Whether nothing in a folder has changed for so long. */
const isOlderThan = (folder: string, ms: number): boolean =>
  readdirSync(folder).every((name) => statSync(join(folder, name)).ctimeMs < Date.now() - ms)

const FILES = { 'a.txt': '1', 'b.txt': '1', 'dist/out.js': '1', '.env': '1' }

test('changes while the handler runs merge into one batch, delivered once it is done', async () => {
  const batches: Batch[] = []
  const release = Promise.withResolvers<void>()
  await using rig = await watchRig(backend, {
    files: FILES,
    target: {
      onBatch: async (batch) => {
        batches.push(batch)
        if (batch.seq === 1) await release.promise
      },
    },
  })
  writeFileSync(join(rig.root, 'a.txt'), '2')
  await eventually(() => expect(batches).toHaveLength(1))
  writeFileSync(join(rig.root, 'b.txt'), '2')
  writeFileSync(join(rig.root, 'c.txt'), '2')
  await eventually(() => expect(rig.watcher.stats().pending).toBe(2))
  release.resolve()
  await rig.watcher.sync()
  expect(batches.map(({ seq, changes }) => [seq, changes.map(({ path }) => path)])).toEqual([
    [1, ['a.txt']],
    [2, ['b.txt', 'c.txt']],
  ])
})

test('a handler that throws is reported, and gets the next batch', async () => {
  const seen: number[] = []
  await using rig = await watchRig(backend, {
    files: FILES,
    target: {
      onBatch: ({ seq }) => {
        seen.push(seq)
        if (seq === 1) throw new Error('no such build')
      },
    },
  })
  writeFileSync(join(rig.root, 'a.txt'), '2')
  await rig.watcher.sync()
  writeFileSync(join(rig.root, 'b.txt'), '2')
  await rig.watcher.sync()
  expect(seen).toEqual([1, 2])
  expect(rig.warnings).toMatchObject([
    { code: 'HANDLER_FAILED', message: 'onBatch of target "all" failed: no such build' },
  ])
})

test('a window that came to nothing is still delivered, with what was touched', async () => {
  await using rig = await watchRig(backend, { target: { debounceMs: 300, maxWaitMs: 2_000 } })
  writeFileSync(join(rig.root, 'a.txt'), '2')
  await eventually(() => expect(rig.watcher.stats().files).toBe(1))
  rmSync(join(rig.root, 'a.txt'))
  await rig.watcher.sync()
  expect(rig.batches).toMatchObject([{ changes: [], touched: ['a.txt'], complete: true }])
})

test('compared by content, an equal write is a touch and another one a change', async () => {
  await using rig = await watchRig(backend, { files: FILES, target: { compare: 'hash' } })
  const told: unknown[] = []
  for (const content of ['2', '2', '3']) {
    writeFileSync(join(rig.root, 'a.txt'), content)
    await rig.watcher.sync()
    told.push(
      ...rig.batches.splice(0).map(({ changes, touched }) => [changes.length, touched.length]),
    )
  }
  expect(told).toEqual([
    [1, 0],
    [0, 1],
    [1, 0],
  ])
})

test('a file that is touched before it was ever changed is told as touched', async () => {
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`f${at}.txt`, 'same']))
  await using directory = await temporaryDirectory(files)
  const batches: Batch[] = []
  // What was written in this very moment could have been written again without anybody knowing.
  await eventually(() => expect(isOlderThan(directory.path, 100)).toBe(true))
  await using watcher = createWatcher({ root: directory.path, backend, debounceMs: 1 })
  watcher.add({
    id: 'all',
    include: ['**'],
    compare: 'hash',
    onBatch: (batch) => void batches.push(batch),
  })
  await watcher.ready
  // What files contain is taken down after the watcher is ready; each one is touched but once.
  let touches = 0
  await eventually(async () => {
    writeFileSync(join(directory.path, `f${touches}.txt`), 'same')
    touches += 1
    await watcher.sync()
    expect(batches.at(-1)).toMatchObject({ changes: [], touched: [`f${touches - 1}.txt`] })
  })
  writeFileSync(join(directory.path, 'f199.txt'), 'other')
  await watcher.sync()
  writeFileSync(join(directory.path, 'f199.txt'), 'same')
  await watcher.sync()
  expect(batches.slice(-2)).toMatchObject([
    { changes: [{ path: 'f199.txt' }] },
    { changes: [{ path: 'f199.txt' }] },
  ])
})

test('a pipe that nobody writes into must not keep the others from being told', async () => {
  await using rig = await watchRig(backend, { files: FILES, target: { compare: 'hash' } })
  for (let at = 0; at < 8; at += 1) execFileSync('mkfifo', [join(rig.root, `pipe${at}`)])
  await rig.watcher.sync()
  writeFileSync(join(rig.root, 'a.txt'), '2')
  await rig.watcher.sync()
  expect(rig.take()).toContain('change a.txt')
})

test('batches that compare content leave together, and in order, whatever their files take', async () => {
  const order: string[] = []
  await using rig = await watchRig(backend, { files: FILES, target: false })
  for (const id of ['first', 'second', 'third']) {
    rig.watcher.add({
      id,
      include: id === 'first' ? ['**'] : ['a.txt'],
      compare: 'hash',
      onBatch: () => {
        order.push(id)
        queueMicrotask(() => order.push('later'))
      },
    })
  }
  await rig.watcher.ready
  writeFileSync(join(rig.root, 'big.bin'), Buffer.alloc(4_000_000))
  writeFileSync(join(rig.root, 'a.txt'), '2')
  await rig.watcher.sync()
  expect(order.slice(0, 3)).toEqual(['first', 'second', 'third'])
})

test('a target does not hear of its outputs, the others do', async () => {
  await using rig = await watchRig(backend, { files: FILES, target: { outputs: ['dist'] } })
  const seen: string[] = []
  rig.watcher.add({
    id: 'other',
    include: ['dist'],
    onBatch: ({ changes }) => void seen.push(...changes.map(({ path }) => path)),
  })
  await rig.watcher.ready
  writeFileSync(join(rig.root, 'dist/out.js'), '2')
  expect(await rig.settle()).toEqual([])
  expect(seen).toEqual(['dist/out.js'])
})

test('a target that changes its own input five times in a row is named, and goes on', async () => {
  const isNamed = (): boolean => rig.warnings.some(({ code }) => code === 'TARGET_LOOP')
  let runsAfter = 0
  await using rig = await watchRig(backend, {
    files: FILES,
    target: {
      // Long enough for a loaded machine to see the handler's own change as such.
      debounceMs: 200,
      onBatch: ({ seq }) => {
        if (isNamed()) runsAfter += 1
        if (runsAfter < 2) writeFileSync(join(rig.root, 'a.txt'), `${seq}`)
      },
    },
  })
  writeFileSync(join(rig.root, 'a.txt'), '0')
  await eventually(() => expect(runsAfter).toBe(2))
  expect(rig.warnings).toMatchObject([
    { code: 'TARGET_LOOP', target: 'all', paths: ['a.txt'], repeats: 5 },
  ])
})

test.for([
  ['batches that are due together leave in the order of their priority', false],
  ['a barrier delivers in the order of the priority', true],
] as const)('%s', async ([, barrier]) => {
  const order: string[] = []
  await using rig = await watchRig(backend, { files: FILES, target: false })
  for (const [id, priority] of [
    ['last', 2],
    ['first', -1],
    ['middle', 0],
  ] as const) {
    rig.watcher.add({ id, include: ['**'], priority, onBatch: () => void order.push(id) })
  }
  await rig.watcher.ready
  writeFileSync(join(rig.root, 'a.txt'), '2')
  if (barrier) await rig.watcher.sync()
  await eventually(() => expect(order).toHaveLength(3))
  expect(order).toEqual(['first', 'middle', 'last'])
})

test('a first change is delivered at once on both edges, the rest when it is quiet', async () => {
  const batches: Batch[] = []
  await using rig = await watchRig(backend, {
    files: FILES,
    target: {
      edge: 'both',
      debounceMs: 10_000,
      maxWaitMs: 20_000,
      onBatch: (batch) => void batches.push(batch),
    },
  })
  writeFileSync(join(rig.root, 'a.txt'), '2')
  await eventually(() => expect(batches).toHaveLength(1))
  writeFileSync(join(rig.root, 'b.txt'), '2')
  await eventually(() => expect(rig.watcher.stats().pending).toBeGreaterThan(0))
  expect(batches).toHaveLength(1)
})

test('what changed while the process was kept from running must not miss the batch that was due', async () => {
  await using rig = await watchRig(backend, {
    files: FILES,
    target: { debounceMs: 50, maxWaitMs: 60_000 },
  })
  const kept = Promise.withResolvers<void>()
  rig.watcher.add({
    id: 'leading',
    include: ['a.txt'],
    edge: 'both',
    onBatch: () => {
      // Timers come next in the turn of the event loop, and events of the kernel after them.
      setImmediate(() => {
        writeFileSync(join(rig.root, 'b.txt'), '2')
        for (const until = performance.now() + 100; performance.now() < until;);
        kept.resolve()
      })
    },
  })
  await rig.watcher.ready
  writeFileSync(join(rig.root, 'a.txt'), '2')
  await kept.promise
  await eventually(() => expect(rig.batches).not.toEqual([]))
  expect(rig.batches[0]?.changes.map(({ path }) => path)).toEqual(['a.txt', 'b.txt'])
})

test('ignored files are not told, and an include that names one beats the rule', async () => {
  await using rig = await watchRig(backend, {
    files: {
      ...FILES,
      '.gitignore': 'dist/\n.env\n*.log\nnode_modules\n',
      'dist/node_modules/x': '1',
    },
  })
  const seen: string[] = []
  rig.watcher.add({
    id: 'named',
    include: ['.env', 'dist'],
    onBatch: ({ changes }) => void seen.push(...changes.map(({ path }) => path)),
  })
  await rig.watcher.ready
  for (const name of ['.env', 'x.log', 'dist/out.js', 'dist/y.log', 'dist/node_modules/x']) {
    writeFileSync(join(rig.root, name), '22')
  }
  expect(await rig.settle()).toEqual([])
  expect(seen.toSorted()).toEqual(['.env', 'dist/out.js'])
  expect(rig.watcher.explain('x.log')).toEqual({
    ignoredBy: { kind: 'file', file: '.gitignore', line: 3, pattern: '*.log' },
    targets: [],
    watched: true,
  })
  expect(rig.watcher.explain('dist/deep/z')).toMatchObject({ targets: ['named'] })
})

test('a path is explained whether or not it is there yet', async () => {
  await using rig = await watchRig(backend, {
    files: { ...FILES, '.gitignore': 'dist/\n' },
    watcher: { ignore: ['private/'] },
  })
  const file = { kind: 'file', file: '.gitignore', line: 1, pattern: 'dist/' }
  expect(rig.watcher.explain('a/dist/deep/out.js').ignoredBy).toEqual(file)
  expect(rig.watcher.explain('a/private/key').ignoredBy).toEqual({
    kind: 'option',
    pattern: 'private/',
  })
  // It may become a file, which the rule does not mean.
  expect(rig.watcher.explain('a/dist')).toMatchObject({ targets: ['all'] })
})

test('a change of an ignore file takes effect at once, both ways', async () => {
  await using rig = await watchRig(backend, {
    files: { '.gitignore': 'out\n', 'out/f': '1', 'src/f': '1' },
  })
  writeFileSync(join(rig.root, '.gitignore'), 'src\n')
  expect((await rig.settle()).toSorted()).toEqual(
    ['add out', 'add out/f', 'change .gitignore', 'unlink src', 'unlink src/f'].toSorted(),
  )
  writeFileSync(join(rig.root, 'src/f'), '22')
  writeFileSync(join(rig.root, 'out/f'), '22')
  await eventually(() => expect(rig.take()).toEqual(['change out/f']))
})

test('the git directory and the session directory are never watched, at any level', async () => {
  await using rig = await watchRig(backend, {
    target: { include: ['**', '.git', 'a/.singletrack/**'] },
  })
  for (const name of ['.git', 'a/.git', 'a/.singletrack', '.singletrack']) {
    mkdirSync(join(rig.root, name), { recursive: true })
    writeFileSync(join(rig.root, name, 'f'), '')
  }
  expect(await rig.settle()).toEqual(['add a'])
  expect(rig.watcher.explain('a/.git/f')).toMatchObject({
    ignoredBy: { kind: 'never-watched', name: '.git' },
  })
})

test('a batch waits until git has let go of its lock', async () => {
  await using rig = await watchRig(backend, { files: FILES, target: { edge: 'both' } })
  await using held = createWatcher({ root: rig.root, backend, onWarning: () => {} })
  execFileSync('git', ['init', '-q', rig.root])
  await using second = createWatcher({
    root: rig.root,
    backend,
    debounceMs: 20,
    onWarning: () => {},
  })
  const batches: Batch[] = []
  second.add({
    id: 'all',
    include: ['**'],
    edge: 'both',
    onBatch: (batch) => void batches.push(batch),
  })
  await second.ready
  writeFileSync(join(rig.root, '.git/index.lock'), '')
  writeFileSync(join(rig.root, 'a.txt'), '2')
  await eventually(() => expect(second.stats().pending).toBe(1))
  expect(batches).toEqual([])
  writeFileSync(join(rig.root, 'b.txt'), '2')
  rmSync(join(rig.root, '.git/index.lock'))
  await second.sync()
  expect(batches.map(({ changes }) => changes.map(({ path }) => path))).toEqual([
    ['a.txt', 'b.txt'],
  ])
  void held
})

test('options and targets that cannot be used are refused by name', async () => {
  expect(() => createWatcher({ root: '' })).toThrow('root must be the path of a directory')
  expect(() => createWatcher({ root: '.', debounceMs: -1 })).toThrow(
    'debounceMs is -1; it must be a number of milliseconds, 0 or more',
  )
  await using rig = await watchRig(backend)
  const twice = { id: 'all', include: ['**'], onBatch: () => {} }
  expect(() => rig.watcher.add(twice)).toThrow('there is a target "all" already')
})

test('an aborted signal closes the watcher and the signal of its handlers', async () => {
  const controller = new AbortController()
  const started = Promise.withResolvers<AbortSignal>()
  await using rig = await watchRig(backend, {
    files: FILES,
    watcher: { signal: controller.signal },
    target: { onBatch: (_batch, signal) => started.resolve(signal) },
  })
  writeFileSync(join(rig.root, 'a.txt'), '2')
  const signal = await started.promise
  controller.abort()
  expect(signal.aborted).toBe(true)
  await expect(rig.watcher.sync()).rejects.toMatchObject({ code: 'WATCHER_CLOSED' })
})
