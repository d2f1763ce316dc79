import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { expect, test } from 'vitest'

import { target } from '../../test/support/targets.ts'
import { newestInput } from './newest-input.ts'

async function newest(
  files: Readonly<Record<string, number>>,
  watch: readonly string[],
  outputs: readonly string[] = [],
): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), 'singletrack-inputs-'))
  try {
    for (const [path, seconds] of Object.entries(files)) {
      mkdirSync(join(root, dirname(path)), { recursive: true })
      writeFileSync(join(root, path), '')
      utimesSync(join(root, path), seconds, seconds)
    }
    return await newestInput(root, [target('a', { watch, outputs })])
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

test('the last change of what is watched counts', async () => {
  expect(await newest({ 'src/a.ts': 100, 'src/deep/b.ts': 200, 'other.ts': 900 }, ['src/**'])).toBe(
    200_000,
  )
})

test('a directory that is named stands for everything in it', async () => {
  expect(await newest({ 'src/deep/b.ts': 200 }, ['src'])).toBe(200_000)
})

test('outputs and dependencies on disk are no inputs', async () => {
  expect(
    await newest(
      { 'src/a.ts': 100, 'src/gen/x.ts': 300, 'node_modules/x/y.js': 400 },
      ['**'],
      ['src/gen/**'],
    ),
  ).toBe(100_000)
})

test('who watches nothing has no inputs', async () => {
  expect(await newest({ 'src/a.ts': 100 }, [])).toBe(0)
})
