import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

const index = new URL('../src/index.ts', import.meta.url).href

/** How long anything waited differs from run to run. */
function withoutDurations(text: string): string {
  return text.replaceAll(/ for \d+ ms/g, ' for 0 ms')
}

test('the example of the README prints what the README says', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```ts\n(?<code>[^]*?)```\n\n```text\n(?<output>[^]*?)```/.exec(readme)?.groups
  const folder = await mkdtemp(join(tmpdir(), 'scheduler-readme-'))
  try {
    const file = join(folder, 'migrations.mts')
    await writeFile(file, example?.['code']?.replace('@singletrack/scheduler', index) ?? '')
    const { stdout } = await promisify(execFile)(process.execPath, [file])
    expect(withoutDurations(stdout)).toBe(example?.['output'])
  } finally {
    await rm(folder, { recursive: true })
  }
})
