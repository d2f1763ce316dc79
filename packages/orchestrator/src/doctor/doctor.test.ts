import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { examine } from './examine.ts'
import { clock, watchLimits } from './machine.ts'

const limits =
  (watches: number, instances: number) =>
  (path: string): string =>
    `${path.endsWith('max_user_watches') ? watches : instances}\n`

test('few watches are a warning with the command that raises them', () => {
  expect(watchLimits(limits(8_192, 128))).toEqual({
    check: 'watch-limits',
    level: 'warning',
    text: '8192 watches and 128 watchers for each user',
    remedy: 'sudo sysctl fs.inotify.max_user_watches=524288',
  })
})

test('enough watches are fine, and so is a system without limits', () => {
  expect(watchLimits(limits(524_288, 512)).level).toBe('ok')
  expect(watchLimits(() => null).level).toBe('ok')
})

test('a clock that is away from the files is a warning', async () => {
  expect((await clock()).level).toBe('ok')
  expect(await clock(tmpdir(), () => Date.now() + 60_000)).toMatchObject({ level: 'warning' })
})

test('a folder in which nothing ever ran is examined without leaving a trace', async () => {
  const root = mkdtempSync(join(tmpdir(), 'singletrack-doctor-'))
  try {
    const found = await examine(root, '1.2.3')
    expect(found.map(({ check }) => check)).toEqual([
      'versions',
      'watch-limits',
      'file-system',
      'clock',
      'locks',
      'leftovers',
    ])
    expect(found.find(({ check }) => check === 'versions')?.text).toContain('singletrack 1.2.3')
  } finally {
    // Fails unless it is as empty as it was.
    rmdirSync(root)
  }
})
