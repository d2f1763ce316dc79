import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'

import { expect, test } from 'vitest'

import { isAlive } from './processes.ts'
import { until } from './until.ts'

/** Takes a directory, starts a program in a group of its own, and says what it has done. */
const PROGRAM = `
import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { Scratch } from ${JSON.stringify(path.join(import.meta.dirname, 'scratch.ts'))}
const scratch = Scratch.create()
mkdtempSync(tmpdir() + '/left-')
const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
console.log(JSON.stringify({ directory: scratch.directory, child: child.pid }))
const [end] = process.argv.slice(-1)
if (end === 'throw') throw new Error('a test has failed')
if (end === 'exit') process.exit(0)
setInterval(() => undefined, 1_000)
`

interface Left {
  readonly directory: string
  readonly child: number
}

async function leave(end: 'throw' | 'exit' | 'SIGINT' | 'SIGTERM'): Promise<Left> {
  const runner = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM, '--', end], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const over = once(runner, 'close')
  const [line] = (await once(runner.stdout, 'data')) as [Buffer]
  const left: Left = JSON.parse(line.toString())
  if (end === 'SIGINT' || end === 'SIGTERM') runner.kill(end)
  await over
  return left
}

test.runIf(process.platform === 'linux').for(['throw', 'exit', 'SIGINT', 'SIGTERM'] as const)(
  'a run of the tests that ends by %s must not leave a directory or a process',
  async (end) => {
    const { child, directory } = await leave(end)
    expect(existsSync(directory)).toBe(false)
    await until('the program has gone', () => !isAlive(child))
  },
)
