import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { Workspace } from './rig/workspace.ts'

test('the first example of the README runs as it stands', () => {
  using space = new Workspace()
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
  const source = fileURLToPath(new URL('../src/index.ts', import.meta.url))
  const file = join(space.root, 'example.ts')
  writeFileSync(file, example.replace('@singletrack/lockfile', source))
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
    cwd: space.root,
    encoding: 'utf8',
  })
  expect({ stdout, status, stderr }).toMatchObject({ stdout: 'ran\n', status: 0 })
})
