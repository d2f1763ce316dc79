import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

test('the example of the README prints what the README says', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const [, code = ''] = /```js\n([^]*?)```/.exec(readme) ?? []
  const [, output] = /```text\n([^]*?)```/.exec(readme) ?? []
  const [, configuration = ''] = /`(\{ "targets".*?\})` it prints/.exec(readme) ?? []
  const folder = mkdtempSync(join(tmpdir(), 'singletrack-readme-'))
  try {
    mkdirSync(join(folder, 'node_modules/@singletrack'), { recursive: true })
    symlinkSync(root, join(folder, 'node_modules/@singletrack/orchestrator'))
    writeFileSync(join(folder, 'singletrack.jsonc'), configuration)
    writeFileSync(join(folder, 'server.js'), 'setInterval(() => {}, 1000)\n')
    writeFileSync(join(folder, 'example.mjs'), code)
    const { stdout } = await promisify(execFile)(process.execPath, ['example.mjs'], { cwd: folder })
    expect(stdout).toBe(output)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
