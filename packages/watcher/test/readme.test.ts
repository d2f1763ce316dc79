import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

import { expect, test } from 'vitest'

import { temporaryDirectory } from './support/temporary-directory.ts'

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const SOURCE = new URL('../src/index.ts', import.meta.url).href

test('the first example of the README prints what it says', async () => {
  const [, example, printed] = /```js\n(.*?)```\n+```\n(.*?)```/s.exec(README) ?? []
  await using directory = await temporaryDirectory({
    'packages/api/src/server.ts': '1',
    'packages/web/src/': '',
    'example.mjs': (example ?? '').replace("'@singletrack/watcher'", `'${SOURCE}'`),
  })
  const child = spawn(process.execPath, ['example.mjs'], {
    cwd: directory.path,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const lines: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      if (line === 'watching')
        writeFileSync(join(directory.path, 'packages/api/src/server.ts'), '2')
      if (lines.length === 2) writeFileSync(join(directory.path, 'packages/web/src/new.ts'), '')
      if (lines.length === 3) break
    }
    expect(`${lines.join('\n')}\n`).toBe(printed)
  } finally {
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
})
