import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'

import { acquire, inspect, repair, tryAcquire } from '../src/index.ts'
import { systemFiles } from '../src/system/file-system.ts'
import { fastClock } from './rig/fast-clock.ts'
import { missing } from './rig/skip.ts'
import { Workspace } from './rig/workspace.ts'

const noRoot = missing('linux', 'root', 'mount')

/** A small file system of its own; needs root. */
class Tmpfs implements Disposable {
  readonly root: string
  readonly #space = new Workspace()

  constructor() {
    this.root = join(this.#space.root, 'small')
    mkdirSync(this.root)
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', this.root])
  }

  fill(): void {
    for (const size of [4096, 512, 1]) {
      for (let part = 0; part < 64; part += 1) {
        try {
          writeFileSync(join(this.root, `fill-${size}-${part}`), 'x'.repeat(size))
        } catch {
          break
        }
      }
    }
  }

  [Symbol.dispose](): void {
    execFileSync('umount', ['-l', this.root])
    this.#space[Symbol.dispose]()
  }
}

describe('the lock directory', () => {
  const ways: Record<string, (space: Workspace) => void> = {
    'rm -rf': (space) => rmSync(space.locks, { recursive: true }),
    'git clean -xfd': (space) => {
      execFileSync('git', ['init', '-q'], { cwd: space.root })
      execFileSync('git', ['clean', '-xfdq'], { cwd: space.root })
    },
  }
  test.for(Object.keys(ways))(
    'deleted by %s while held: the holder learns of it, generations still grow',
    async (way, { skip }) => {
      const reason = way.startsWith('git') ? missing('git') : null
      if (reason !== null) skip(reason)
      using space = new Workspace()
      const lease = await acquire({ root: space.root })
      const lost = new Promise((resolve) =>
        lease.signal.addEventListener('abort', resolve, { once: true }),
      )
      ways[way]?.(space)
      const next = await acquire({ root: space.root })
      expect(next.gen).toBeGreaterThan(lease.gen)
      await lost
      expect(lease.signal.reason).toMatchObject({ code: 'ECOMPROMISED' })
      await expect(lease.assertHeld()).rejects.toMatchObject({ code: 'ECOMPROMISED' })
      await expect(lease.release({ status: 'ok' })).rejects.toMatchObject({ code: 'ECOMPROMISED' })
      await next.assertHeld()
      await next.release()
    },
  )

  test('moved while held is held at its new place', async () => {
    using space = new Workspace()
    const root = join(space.root, 'a')
    mkdirSync(root)
    const lease = await acquire({ root })
    renameSync(root, join(space.root, 'b'))
    expect(await tryAcquire({ root: join(space.root, 'b') })).toBeNull()
    await expect(lease.release()).rejects.toMatchObject({ code: 'ECOMPROMISED' })
  })

  test('copied while held does not bind the copy, once it proved to be silent', async () => {
    using space = new Workspace()
    const root = join(space.root, 'a')
    mkdirSync(root)
    await using lease = await acquire({ root })
    const copy = join(space.root, 'b')
    cpSync(root, copy, { recursive: true })
    expect(await tryAcquire({ root: copy })).toBeNull()
    const other = await acquire({ root: copy, system: { clock: fastClock(10) } })
    await lease.assertHeld()
    await other.release()
  })

  test('on a full disk works, and the exit code is not lost', async ({ skip }) => {
    if (noRoot !== null) skip(noRoot)
    using small = new Tmpfs()
    const { root } = small
    await (await acquire({ root })).release()
    small.fill()
    const lease = await acquire({ root })
    await lease.release({ status: 'failed', exitCode: 3, summary: 'x'.repeat(4000) })
    expect((await inspect({ root })).build).toMatchObject({
      kind: 'free',
      lastOutcome: { status: 'failed', exitCode: 3 },
    })
  })

  test('on a read-only file system says so, and is not "busy"', async ({ skip }) => {
    if (noRoot !== null) skip(noRoot)
    using small = new Tmpfs()
    const { root } = small
    await (await acquire({ root })).release()
    execFileSync('mount', ['-o', 'remount,ro', root])
    await expect(acquire({ root })).rejects.toMatchObject({
      code: 'ELOCKDIR',
      message: expect.stringContaining('read-only'),
    })
  })

  test('of another user is refused', async ({ skip }) => {
    if (noRoot !== null) skip(noRoot)
    using space = new Workspace()
    await (await acquire({ root: space.root })).release()
    chownSync(space.locks, 65_534, 65_534)
    await expect(acquire({ root: space.root })).rejects.toMatchObject({
      code: 'EUNSAFE',
      message: expect.stringContaining('belongs to uid 65534'),
    })
  })

  test('that everybody may write is refused', async () => {
    using space = new Workspace()
    await (await acquire({ root: space.root })).release()
    chmodSync(space.locks, 0o777)
    await expect(acquire({ root: space.root })).rejects.toMatchObject({ code: 'EUNSAFE' })
  })

  test('that is a symbolic link is refused', async () => {
    using space = new Workspace()
    await (await acquire({ root: space.root })).release()
    renameSync(space.locks, `${space.locks}.elsewhere`)
    symlinkSync(`${space.locks}.elsewhere`, space.locks)
    await expect(acquire({ root: space.root })).rejects.toMatchObject({ code: 'EUNSAFE' })
  })

  test('under a root that does not exist is an error that names the root', async () => {
    await expect(acquire({ root: '/nowhere/at/all' })).rejects.toMatchObject({
      code: 'ELOCKDIR',
      path: '/nowhere/at/all',
    })
  })

  test('emptied by hand heals itself', async () => {
    using space = new Workspace()
    await (await acquire({ root: space.root })).release()
    rmSync(space.batonPath())
    await (await acquire({ root: space.root })).release()
    expect(space.baton()).toMatch(/^f\./)
  })
})

describe('among the entries', () => {
  const nonce = 'f'.repeat(16)

  test('junk beside the baton is ignored', async () => {
    using space = new Workspace()
    await (await acquire({ root: space.root })).release()
    writeFileSync(join(space.locks, 'build', '.DS_Store'), '')
    await (await acquire({ root: space.root })).release()
  })

  test('junk without a baton is an error that names it, and can be repaired', async () => {
    using space = new Workspace()
    const { root } = space
    await (await acquire({ root })).release()
    rmSync(space.batonPath())
    writeFileSync(join(space.locks, 'build', '.nfs01'), '')
    await expect(acquire({ root, system: { clock: fastClock(20) } })).rejects.toMatchObject({
      code: 'ELOCKLOST',
      message: expect.stringContaining('.nfs01'),
    })
    expect(await repair({ root })).toMatchObject({ moved: ['.nfs01'] })
    await (await acquire({ root })).release()
  })

  test('two batons stop everybody until they are repaired', async () => {
    using space = new Workspace()
    const { root } = space
    await (await acquire({ root })).release()
    const second = `f.0000000000001.0.${nonce}`
    writeFileSync(join(space.locks, 'build', second), '')
    await expect(acquire({ root })).rejects.toMatchObject({ code: 'ECORRUPT' })
    expect((await inspect({ root })).build.kind).toBe('broken')
    expect(await repair({ root })).toMatchObject({ moved: [second] })
    await (await acquire({ root })).release()
  })

  test('one of a newer protocol stops everybody', async () => {
    using space = new Workspace()
    await (await acquire({ root: space.root })).release()
    writeFileSync(join(space.locks, 'build', 'q.0000000000001.x'), '')
    await expect(acquire({ root: space.root })).rejects.toMatchObject({ code: 'EPROTO' })
  })
})

describe('a baton that is', () => {
  test('a symbolic link: the file it points to stays as it is', async () => {
    using space = new Workspace()
    await (await acquire({ root: space.root })).release()
    const victim = join(space.root, 'victim')
    writeFileSync(victim, 'precious')
    const path = space.batonPath()
    rmSync(path)
    symlinkSync(victim, path)
    const lease = await acquire({ root: space.root, heartbeat: 'main' })
    await lease.setData({ a: 1 })
    await lease.release({ status: 'ok' })
    expect(readFileSync(victim, 'utf8')).toBe('precious')
  })

  test('a FIFO hangs nobody', async ({ skip }) => {
    const reason = missing('linux')
    if (reason !== null) skip(reason)
    using space = new Workspace()
    await (await acquire({ root: space.root })).release()
    const path = space.batonPath()
    rmSync(path)
    execFileSync('mkfifo', [path])
    const lease = await acquire({ root: space.root })
    expect((await inspect({ root: space.root })).build).toMatchObject({ holder: { label: null } })
    await lease.release()
  })

  test('a gigabyte long is not read', async () => {
    using space = new Workspace()
    await using lease = await acquire({ root: space.root, label: 'x' })
    truncateSync(space.batonPath(), 2 ** 30)
    expect((await inspect({ root: space.root })).build).toMatchObject({ holder: { label: null } })
    await lease.release()
  })
})

describe('a rename', () => {
  test('whose reply got lost is recognized by its nonce', async () => {
    using space = new Workspace()
    await (await acquire({ root: space.root })).release()
    const files = {
      ...systemFiles,
      rename: (from: string, to: string): void => {
        systemFiles.rename(from, to)
        if (to.includes('/build/')) throw Object.assign(new Error('lost'), { code: 'ENOENT' })
      },
    }
    const lease = await acquire({ root: space.root, system: { files } })
    await lease.release({ status: 'ok', exitCode: 0 })
    expect(space.baton()).toMatch(/^f\.[0-9a-z]{13}\.0\./)
  })

  test('that comes three generations too late loses, and robs nobody', async () => {
    using space = new Workspace()
    const { root } = space
    await (await acquire({ root })).release()
    let isLate = true
    const lost: string[] = []
    const files = {
      ...systemFiles,
      rename: (from: string, to: string): void => {
        if (isLate && to.includes('/build/h.')) {
          isLate = false
          for (const _ of [1, 2, 3]) passOn(join(space.locks, 'build'))
          lost.push(from)
        }
        systemFiles.rename(from, to)
      },
    }
    const lease = await acquire({ root, system: { files } })
    expect(lost).toHaveLength(1)
    expect(space.baton()).toContain(lease.nonce)
    await lease.release()
  })

  test('of a successor is never undone by a late release', async () => {
    using space = new Workspace()
    const lease = await acquire({ root: space.root })
    const stolen = join(space.locks, 'build', `h.zzzzzzzzzzzzz.ffffffffffff.9.9.${'e'.repeat(16)}`)
    renameSync(space.batonPath(), stolen)
    await expect(lease.release({ status: 'ok' })).rejects.toMatchObject({ code: 'ECOMPROMISED' })
    expect(space.batonPath()).toBe(stolen)
  })
})

test('a listing that is empty for a moment means nothing', async () => {
  using space = new Workspace()
  const { root } = space
  await using lease = await acquire({ root })
  let empty = 3
  const files = {
    ...systemFiles,
    readdir: (path: string): string[] => {
      if (path.endsWith('/build') && empty > 0) {
        empty -= 1
        return []
      }
      return systemFiles.readdir(path)
    },
  }
  expect(await tryAcquire({ root, system: { files } })).toBeNull()
  await lease.assertHeld()
  await lease.release()
})

test('no system call ever creates a file under the name of a held baton', async ({ skip }) => {
  const reason = missing('linux', 'strace')
  if (reason !== null) skip(reason)
  using space = new Workspace()
  const main = fileURLToPath(new URL('rig/once-main.ts', import.meta.url))
  const { stderr, status } = spawnSync(
    'strace',
    ['-f', '-qq', '-e', 'trace=openat,open,creat,link,linkat', process.execPath, main, space.root],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  )
  if (status !== 0) skip('strace may not trace here')
  const touching = stderr.split('\n').filter((line) => line.includes('/build/h.'))
  expect(touching.length).toBeGreaterThan(0)
  expect(touching.filter((line) => /O_CREAT|creat\(|link/.test(line))).toEqual([])
})

/** One generation by another program that only renames. */
function passOn(directory: string): void {
  const [name = ''] = readdirSync(directory)
  const gen = (Number.parseInt(name.split('.')[1] ?? '', 36) + 1).toString(36).padStart(13, '0')
  const nonce = gen
    .slice(-4)
    .padStart(16, '0')
    .replaceAll(/[^0-9a-f]/g, '0')
  renameSync(join(directory, name), join(directory, `f.${gen}.0.${nonce}`))
}
