import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

test('the example of the README runs and prints what it says', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [example, hello] = [...readme.matchAll(/```js\n(.*?)```/gs)].map(([, code]) => code)
  const folder = await mkdtemp(join(tmpdir(), 'singletrack-lambda-'))
  try {
    await mkdir(join(folder, 'node_modules/@singletrack'), { recursive: true })
    await symlink(root, join(folder, 'node_modules/@singletrack/lambda'))
    await writeFile(join(folder, 'example.mjs'), example ?? '')
    await writeFile(join(folder, 'hello.mjs'), hello ?? '')
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=source', 'example.mjs'],
      { cwd: folder },
    )
    expect(stdout).toBe('"hello, world"\n')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
