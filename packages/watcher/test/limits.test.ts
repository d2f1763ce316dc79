import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test, vi } from 'vitest'

import { eventually } from './support/eventually.ts'
import { temporaryDirectory } from './support/temporary-directory.ts'
import { watchInProcess } from './support/watching-process.ts'

const DIRECTORIES = 150

// Polled within a budget, in a process of its own, on a machine that may be loaded.
vi.setConfig({ testTimeout: 240_000 })
const DEADLINE_MS = 120_000

/** A command that runs another one in a user namespace with its own, lower limits. */
const limited = (limits: Readonly<Record<string, number>>): string[] => {
  const lower = Object.entries(limits).map(
    ([name, value]) => `echo ${value} > /proc/sys/user/${name}`,
  )
  return ['unshare', '-Ur', 'sh', '-c', `${lower.join(' && ')} && exec "$@"`, 'sh']
}

const canLimit = ((): boolean => {
  try {
    const [command = '', ...args] = limited({ max_inotify_watches: 10 })
    execFileSync(command, [...args, 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

async function directories(): Promise<Awaited<ReturnType<typeof temporaryDirectory>>> {
  const directory = await temporaryDirectory()
  for (let at = 0; at < DIRECTORIES; at += 1) {
    mkdirSync(join(directory.path, `d${at}`))
    writeFileSync(join(directory.path, `d${at}/f`), '')
  }
  return directory
}

const edited = Array.from({ length: DIRECTORIES }, (_, at) => `d${at}/f`)

describe.for(['inotify', 'chokidar'] as const)('on %s', (backend) => {
  test('without enough watches it warns once, with numbers and the remedy, and sees everything', async ({
    skip,
  }) => {
    skip(!canLimit, 'no user namespaces here to lower the limit in')
    await using tree = await directories()
    await using watching = await watchInProcess(
      tree.path,
      backend,
      limited({ max_inotify_watches: 50 }),
    )
    for (const name of edited) writeFileSync(join(tree.path, name), 'edited')
    const told = new Set<string>()
    const warnings = [...watching.first.warnings]
    await eventually(async () => {
      const report = await watching.told()
      warnings.push(...report.warnings)
      for (const change of report.named) told.add(change)
      expect(edited.filter((name) => !told.has(`change ${name}`))).toEqual([])
    }, DEADLINE_MS)
    const limits = warnings.filter(({ code }) => code === 'WATCH_LIMIT')
    expect(limits).toHaveLength(1)
    expect(limits[0]).toMatchObject({ limit: 50 })
    expect(limits[0]?.['needed']).toBeGreaterThanOrEqual(DIRECTORIES)
    expect(limits[0]?.['message']).toMatch(
      /Raise the limit: sudo sysctl fs\.inotify\.max_user_watches=\d+/,
    )
    expect(warnings.map(({ code }) => code)).not.toContain('BACKEND_FAILED')
  })
})

test.for(['inotify', 'chokidar'] as const)(
  'without a single watcher left it warns once, and polls, on %s',
  async (backend, { skip }) => {
    skip(!canLimit, 'no user namespaces here to lower the limit in')
    await using tree = await directories()
    await using watching = await watchInProcess(
      tree.path,
      backend,
      limited({ max_inotify_instances: 0 }),
    )
    expect(watching.first.warnings).toMatchObject([
      { code: 'WATCH_LIMIT', limit: 0, remedy: 'sudo sysctl fs.inotify.max_user_instances=1024' },
    ])
    // All of them and the root; the directory that holds it where its watch is our own.
    const polled = DIRECTORIES + (backend === 'inotify' ? 2 : 1)
    expect(watching.first.stats).toMatchObject({ watches: 0, polled })
    const told = new Set<string>()
    for (const name of edited) writeFileSync(join(tree.path, name), 'edited')
    await eventually(async () => {
      for (const change of (await watching.told()).named) told.add(change)
      expect(edited.filter((name) => !told.has(`change ${name}`))).toEqual([])
    }, DEADLINE_MS)
  },
)
