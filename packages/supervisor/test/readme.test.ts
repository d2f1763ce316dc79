import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const examples = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code)

/** What each example of the README prints, in their order. */
const printed = [
  'stdout: up\ndone exitSignal\n',
  "{ kind: 'success' }\n",
  '',
  'recorded true\n',
  "{ kind: 'exitSignal', signal: 'SIGKILL' } 3\n",
]

test('every example is checked here', () => {
  expect(examples).toHaveLength(printed.length)
})

test.for(examples.map((code, index) => [index, code] as const))(
  'example %d runs and prints what it should',
  async ([index, code]) => {
    const folder = await mkdtemp(join(tmpdir(), 'singletrack-supervisor-'))
    try {
      const scope = join(folder, 'node_modules', '@singletrack')
      await mkdir(scope, { recursive: true })
      await symlink(root, join(scope, 'supervisor'))
      const file = join(folder, 'example.mts')
      await writeFile(file, code)
      const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', file])
      expect(stdout).toBe(printed[index])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)
