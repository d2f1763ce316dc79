import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { describe, expect, test } from 'vitest'

import { createWatcher } from '../src/index.ts'
import { eventually } from './support/eventually.ts'
import { temporaryDirectory } from './support/temporary-directory.ts'
import {
  Oracle,
  SUBJECTS,
  type Subject,
  type WatchRig,
  subjectOptions,
  watchRig,
} from './support/watch-rig.ts'

const FILES = { 'a/f.txt': '1', 'a/g.txt': '1', 'b/deep/h.txt': '1' }

/** What is done to the tree of `FILES`, and the net changes that one batch must tell. */
const SCENARIOS: readonly (readonly [string, (root: string) => void, readonly string[]])[] = [
  [
    'a write is one change',
    (root) => writeFileSync(join(root, 'a/f.txt'), '22'),
    ['change a/f.txt'],
  ],
  [
    'an append is one change',
    (root) => appendFileSync(join(root, 'a/f.txt'), '2'),
    ['change a/f.txt'],
  ],
  ['a touch is one change', (root) => utimesSync(join(root, 'a/f.txt'), 1, 1), ['change a/f.txt']],
  ['a chmod is one change', (root) => chmodSync(join(root, 'a/f.txt'), 0o600), ['change a/f.txt']],
  [
    'a write of equal content is one change',
    (root) => writeFileSync(join(root, 'a/f.txt'), '1'),
    ['change a/f.txt'],
  ],
  [
    'a save through a temporary file is one change',
    (root) => {
      writeFileSync(join(root, 'a/.f.txt.tmp'), '2')
      renameSync(join(root, 'a/.f.txt.tmp'), join(root, 'a/f.txt'))
    },
    ['change a/f.txt'],
  ],
  [
    'a save through a temporary file from outside is one change',
    (root) => {
      writeFileSync(join(root, '../outside.tmp'), '2')
      renameSync(join(root, '../outside.tmp'), join(root, 'a/f.txt'))
    },
    ['change a/f.txt'],
  ],
  [
    'a save by way of a backup, as vim does it, is one change',
    (root) => {
      renameSync(join(root, 'a/f.txt'), join(root, 'a/f.txt~'))
      writeFileSync(join(root, 'a/f.txt'), '2')
      unlinkSync(join(root, 'a/f.txt~'))
    },
    ['change a/f.txt'],
  ],
  [
    'deleted and created again is one change',
    (root) => {
      unlinkSync(join(root, 'a/f.txt'))
      writeFileSync(join(root, 'a/f.txt'), '2')
    },
    ['change a/f.txt'],
  ],
  [
    'created and deleted again is nothing',
    (root) => {
      writeFileSync(join(root, 'a/new.txt'), '')
      unlinkSync(join(root, 'a/new.txt'))
    },
    [],
  ],
  [
    'directories made in one go are seen with their files',
    (root) => {
      mkdirSync(join(root, 'x/y/z'), { recursive: true })
      writeFileSync(join(root, 'x/y/z/f.txt'), '1')
    },
    ['add x', 'add x/y', 'add x/y/z', 'add x/y/z/f.txt'],
  ],
  [
    'a copied tree is seen whole',
    (root) => cpSync(join(root, 'b'), join(root, 'c'), { recursive: true }),
    ['add c', 'add c/deep', 'add c/deep/h.txt'],
  ],
  [
    'a renamed directory is gone under its old name and there under the new',
    (root) => renameSync(join(root, 'b'), join(root, 'c')),
    ['unlink b/deep/h.txt', 'unlink b/deep', 'unlink b', 'add c', 'add c/deep', 'add c/deep/h.txt'],
  ],
  [
    'a directory moved out is gone with all in it',
    (root) => renameSync(join(root, 'b'), join(root, '../moved')),
    ['unlink b/deep/h.txt', 'unlink b/deep', 'unlink b'],
  ],
  [
    'a directory moved in is there with all in it',
    (root) => {
      mkdirSync(join(root, '../come/in'), { recursive: true })
      writeFileSync(join(root, '../come/in/f.txt'), '1')
      renameSync(join(root, '../come'), join(root, 'come'))
    },
    ['add come', 'add come/in', 'add come/in/f.txt'],
  ],
  [
    'a file that becomes a directory is an unlink and an add',
    (root) => {
      unlinkSync(join(root, 'a/f.txt'))
      mkdirSync(join(root, 'a/f.txt'))
    },
    ['unlink a/f.txt', 'add a/f.txt'],
  ],
]

interface Nested extends WatchRig {
  readonly tree: string
}

/** A rig whose root is inside its temporary directory, so that there is an outside. */
async function nestedRig(backend: Subject): Promise<Nested & { oracle: Oracle }> {
  const outer = await temporaryDirectory()
  const tree = join(outer.path, 'tree')
  mkdirSync(tree)
  for (const [name, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(tree, name)), { recursive: true })
    writeFileSync(join(tree, name), content)
  }
  // Time stamps of just now say little; editors do not save files that were made this moment.
  await pause(60)
  const oracle = new Oracle(tree)
  const rig = await watchRig(backend, {
    watcher: { root: tree },
    target: { onBatch: (batch) => void (oracle.onBatch(batch), batches.push(batch)) },
  })
  const { batches } = rig
  return {
    ...rig,
    tree,
    oracle,
    async [Symbol.asyncDispose]() {
      await rig[Symbol.asyncDispose]()
      await outer[Symbol.asyncDispose]()
    },
  }
}

/** Waits, without a barrier, until the batches tell what is on the disk. */
const told = (rig: { oracle: Oracle }): Promise<void> => eventually(() => rig.oracle.check())

const ignoreBatch = (): void => {}

describe.for(SUBJECTS)('on %s', (backend) => {
  test('what happens in a directory right after its mode was changed must not go unheard', async () => {
    await using rig = await watchRig(backend, { files: FILES })
    for (let at = 0; at < 8; at += 1) {
      chmodSync(rig.root, at % 2 === 0 ? 0o755 : 0o700)
      await rig.settle()
      mkdirSync(join(rig.root, 'new'))
      renameSync(join(rig.root, 'new'), join(rig.root, `c${at}`))
      expect(await rig.settle()).toEqual([`add c${at}`])
    }
  })

  test.for(SCENARIOS)('%s', async ([, act, expected]) => {
    await using rig = await nestedRig(backend)
    act(rig.tree)
    expect(await rig.settle()).toEqual(expected)
  })

  test.for(SCENARIOS)('without a barrier: %s', async ([, act]) => {
    await using rig = await nestedRig(backend)
    act(rig.tree)
    await expect(told(rig)).resolves.toBeUndefined()
  })

  test('a write after a batch is another change, however soon', async () => {
    await using rig = await nestedRig(backend)
    for (const content of ['2', '3', '4', '5']) {
      writeFileSync(join(rig.tree, 'a/f.txt'), content)
      await eventually(() => expect(rig.take()).toContain('change a/f.txt'))
    }
  })

  test('twenty trees made one after the other are all seen, and stay watched', async () => {
    await using rig = await nestedRig(backend)
    for (let at = 0; at < 20; at += 1) {
      mkdirSync(join(rig.tree, `m${at}/b/c`), { recursive: true })
      writeFileSync(join(rig.tree, `m${at}/b/one.txt`), '')
      writeFileSync(join(rig.tree, `m${at}/b/c/two.txt`), '')
    }
    await told(rig)
    for (let at = 0; at < 20; at += 1) writeFileSync(join(rig.tree, `m${at}/b/c/two.txt`), '2')
    await expect(told(rig)).resolves.toBeUndefined()
  })

  test('what changes in a renamed directory is told under its new name', async () => {
    await using rig = await nestedRig(backend)
    renameSync(join(rig.tree, 'b'), join(rig.tree, 'c'))
    await rig.settle()
    writeFileSync(join(rig.tree, 'c/deep/h.txt'), 'new')
    await eventually(() => expect(rig.take()).toEqual(['change c/deep/h.txt']))
  })

  test('what changes in a directory moved in is told', async () => {
    await using rig = await nestedRig(backend)
    mkdirSync(join(rig.tree, '../come/in'), { recursive: true })
    writeFileSync(join(rig.tree, '../come/in/f.txt'), '1')
    renameSync(join(rig.tree, '../come'), join(rig.tree, 'come'))
    await rig.settle()
    writeFileSync(join(rig.tree, 'come/in/f.txt'), '22')
    await eventually(() => expect(rig.take()).toEqual(['change come/in/f.txt']))
  })

  test('two writes 20 ms apart: the second one is told', async () => {
    await using rig = await nestedRig(backend)
    writeFileSync(join(rig.tree, 'a/f.txt'), '22')
    // The time is the scenario, not a wait.
    await pause(20)
    writeFileSync(join(rig.tree, 'a/f.txt'), '333')
    await expect(told(rig)).resolves.toBeUndefined()
  })

  test('two watchers of one root with different rules see what is theirs', async () => {
    await using rig = await nestedRig(backend)
    await using second = createWatcher({
      root: rig.tree,
      ...subjectOptions(backend),
      ignore: ['/a'],
      onWarning: () => {},
    })
    const seen: string[] = []
    second.add({
      id: 'second',
      include: ['**'],
      onBatch: ({ changes }) => void seen.push(...changes.map(({ path }) => path)),
    })
    await second.ready
    for (const name of ['a/f.txt', 'b/deep/h.txt']) writeFileSync(join(rig.tree, name), '22')
    await second.sync()
    expect(seen).toEqual(['b/deep/h.txt'])
    expect(await rig.settle()).toEqual(['change a/f.txt', 'change b/deep/h.txt'])
  })

  test('a directory removed and made again is watched again', async () => {
    await using rig = await nestedRig(backend)
    rmSync(join(rig.tree, 'b'), { recursive: true })
    mkdirSync(join(rig.tree, 'b/deep'), { recursive: true })
    await rig.settle()
    writeFileSync(join(rig.tree, 'b/deep/later.txt'), '')
    await eventually(() => expect(rig.take()).toEqual(['add b/deep/later.txt']))
  })

  test.for([
    ['at once', 0],
    ['a while later', 700],
  ] as const)('a root removed and made again %s is watched again', async ([, ms]) => {
    await using rig = await nestedRig(backend)
    rmSync(rig.tree, { recursive: true })
    // The time is the scenario, not a wait: nothing is expected to have happened by then.
    await pause(ms)
    mkdirSync(join(rig.tree, 'a'), { recursive: true })
    await told(rig)
    writeFileSync(join(rig.tree, 'a/again.txt'), '')
    await told(rig)
    expect(rig.watcher.explain('a/again.txt')).toEqual({ targets: ['all'], watched: true })
  })

  test('a root renamed away and back is watched again', async () => {
    await using rig = await nestedRig(backend)
    renameSync(rig.tree, `${rig.tree}-away`)
    await eventually(() => expect(rig.warnings.map(({ code }) => code)).toContain('ROOT_REMOVED'))
    renameSync(`${rig.tree}-away`, rig.tree)
    await told(rig)
    writeFileSync(join(rig.tree, 'b/deep/h.txt'), 'after')
    await told(rig)
  })

  test('a root that does not exist yet is awaited', async () => {
    await using outer = await temporaryDirectory()
    const root = join(outer.path, 'not/yet')
    await using rig = await watchRig(backend, { watcher: { root } })
    mkdirSync(join(root, 'src'), { recursive: true })
    writeFileSync(join(root, 'src/f.txt'), '')
    await eventually(() => expect(existsSync(root) && rig.watcher.stats().files).toBe(1))
    await rig.watcher.sync()
    expect(rig.take()).toEqual(['add src', 'add src/f.txt'])
  })

  test('a link to a directory above is a link, and no loop', async () => {
    await using rig = await nestedRig(backend)
    symlinkSync('..', join(rig.tree, 'a/loop'))
    expect(await rig.settle()).toEqual(['add a/loop'])
    const { directories } = rig.watcher.stats()
    writeFileSync(join(rig.tree, 'a/f.txt'), '2')
    expect(await rig.settle()).toEqual(['change a/f.txt'])
    expect(rig.watcher.stats().directories).toBe(directories)
  })

  test('followed links report what is behind them under the path of the link', async () => {
    await using outer = await temporaryDirectory({ 'real/f.txt': '1', 'tree/': '' })
    symlinkSync('../real', join(outer.path, 'tree/link'))
    symlinkSync('..', join(outer.path, 'tree/loop'))
    await using rig = await watchRig(backend, {
      watcher: { root: join(outer.path, 'tree'), followSymlinks: true },
    })
    writeFileSync(join(outer.path, 'real/f.txt'), '22')
    await eventually(() => expect(rig.take()).toContain('change link/f.txt'))
  })

  test('a followed link to a file outside is told when the file changes', async () => {
    await using outer = await temporaryDirectory({ 'real.txt': '1', 'tree/': '' })
    symlinkSync('../real.txt', join(outer.path, 'tree/link.txt'))
    await using rig = await watchRig(backend === 'inotify' ? 'chokidar' : backend, {
      watcher: { root: join(outer.path, 'tree'), followSymlinks: true },
    })
    writeFileSync(join(outer.path, 'real.txt'), '22')
    await eventually(() => expect(rig.take()).toContain('change link.txt'))
  })

  test('a name that is not text is left alone, and harms nobody', async () => {
    await using rig = await nestedRig(backend)
    const name = Buffer.concat([Buffer.from(`${rig.tree}/a/`), Buffer.from([0xff, 0xfe])])
    writeFileSync(name, '')
    writeFileSync(join(rig.tree, 'a/good.txt'), '')
    expect(await rig.settle()).toEqual(['add a/good.txt'])
  })

  test('names that mean something elsewhere are only names', async () => {
    await using rig = await nestedRig(backend)
    const names = [
      '__proto__',
      'constructor',
      'a b',
      'ü\u0301',
      'new\nline',
      '*',
      '[x]',
      '{y}',
      '..x',
      '~',
      'f.txt~',
    ]
    for (const name of names) writeFileSync(join(rig.tree, 'a', name), '')
    expect((await rig.settle()).toSorted()).toEqual(names.map((name) => `add a/${name}`).toSorted())
  })

  test('a target added while it runs gets what changes once it is ready', async () => {
    await using rig = await watchRig(backend, { files: FILES, target: { include: ['b/**'] } })
    const seen: string[] = []
    const target = rig.watcher.add({
      id: 'late',
      include: ['a/**'],
      onBatch: ({ changes }) => void seen.push(...changes.map(({ path }) => path)),
    })
    await target.ready
    writeFileSync(join(rig.root, 'a/f.txt'), '2')
    await eventually(() => expect(seen).toEqual(['a/f.txt']))
    expect(rig.take()).toEqual([])
  })

  test('replacing a target by another, added first, misses nothing in between', async () => {
    await using rig = await watchRig(backend, { files: FILES, target: false })
    const seen: string[] = []
    const onBatch = ({ changes }: { changes: readonly { path: string }[] }): void =>
      void seen.push(...changes.map(({ path }) => path))
    for (let at = 0; at < 10; at += 1) {
      const next = rig.watcher.add({ id: `v${at}`, include: ['a/**'], onBatch })
      await next.ready
      rig.watcher.remove(`v${at - 1}`)
      writeFileSync(join(rig.root, `a/n${at}.txt`), '')
      if (at % 2 === 0) await rig.watcher.sync()
    }
    await rig.watcher.sync()
    for (let at = 0; at < 10; at += 2) expect(seen).toContain(`a/n${at}.txt`)
  })

  test('nothing is delivered once it is closed', async () => {
    const rig = await nestedRig(backend)
    await rig.watcher.close()
    writeFileSync(join(rig.tree, 'a/f.txt'), '2')
    await using second = createSecond(rig.tree, backend)
    await second.ready
    expect(rig.take()).toEqual([])
    await expect(rig.watcher.sync()).rejects.toThrow('the watcher is closed')
    await rig[Symbol.asyncDispose]()
  })
})

function createSecond(root: string, backend: Subject): ReturnType<typeof createWatcher> {
  const second = createWatcher({ root, ...subjectOptions(backend), onWarning: () => {} })
  second.add({ id: 'second', include: ['**'], onBatch: () => {} })
  return second
}

test(
  'a watch is a directory: as many as needed, however many targets',
  { skip: process.platform !== 'linux' },
  async () => {
    await using rig = await watchRig('inotify', { files: FILES, target: false })
    for (let at = 0; at < 50; at += 1)
      rig.watcher.add({ id: `${at}`, include: ['**'], onBatch: ignoreBatch })
    await rig.watcher.ready
    // The root, a, b, b/deep, and the directory that holds the root.
    expect(rig.watcher.stats().watches).toBe(5)
    expect(watchesOfKernel()).toBe(5)
  },
)

test(
  'on chokidar too, a root glob is not a recursive watch',
  { skip: process.platform !== 'linux' },
  async () => {
    const before = watchesOfKernel()
    await using rig = await watchRig('chokidar', { files: FILES, target: { include: ['*.json'] } })
    // The root, and the directory that holds it.
    expect(watchesOfKernel() - before).toBeLessThanOrEqual(2)
    expect(rig.watcher.explain('a/f.txt').watched).toBe(false)
  },
)

/** How many inotify watches this process holds, as the kernel counts them. */
function watchesOfKernel(): number {
  const fds = '/proc/self/fdinfo'
  let watches = 0
  for (let fd = 0; fd < 256; fd += 1) {
    const file = `${fds}/${fd}`
    if (!existsSync(file)) continue
    watches += readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('inotify')).length
  }
  return watches
}

test.for([
  ['a root glob is not a recursive watch', ['*.json'], 2],
  ['each alternative has its own base', ['{a,b}/**'], 5],
  ['a file is watched through its directory', ['b/deep/h.txt'], 4],
  ['a glob of known depth goes no deeper', ['*/*.txt'], 4],
  ['excluded directories are not watched', ['**', '!b'], 3],
] as const)('%s', { skip: process.platform !== 'linux' }, async ([, include, watches]) => {
  await using rig = await watchRig('inotify', { files: FILES, target: { include } })
  expect(rig.watcher.stats().watches).toBe(watches)
})
