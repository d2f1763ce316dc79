import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { expect, test } from 'vitest'

import { launchSession, sessionEnvironment } from './launch-session.ts'
import { attend, isOver } from './linger.ts'

async function launch(
  program: string,
  node: string | null = process.execPath,
): Promise<string | null> {
  const folder = mkdtempSync(path.join(tmpdir(), 'singletrack-launch-'))
  const script = path.join(folder, 'session.mjs')
  writeFileSync(script, program)
  const start = launchSession(() => ({
    node,
    script,
    installedIn: null,
    lingerMs: 1,
    log: () => undefined,
  }))
  const { problem } = await start(folder)
  rmSync(folder, { recursive: true })
  return problem
}

test('a session that ends well, or finds another one, is no problem', async () => {
  expect(await launch('process.exit(0)')).toBeNull()
  expect(await launch('console.error("held"); process.exit(3)')).toBeNull()
})

test('a session that does not start is told with its own words', async () => {
  expect(await launch('console.error("line 3: unknown key"); process.exit(2)')).toBe(
    'line 3: unknown key',
  )
})

test('the source of a program that cannot be loaded must not be taken for words', async () => {
  const said = await launch(
    `console.error("${'x'.repeat(1_000)}"); console.error("no glob"); process.exit(1)`,
  )
  expect(said).toBe('no glob')
})

test('a session that dies without a word is told with how it ended', async () => {
  expect(await launch('process.exit(9)')).toBe('it ended with code 9')
  expect(await launch('process.kill(process.pid, "SIGKILL")')).toBe('it ended with SIGKILL')
})

test('a Node.js that is not there is named', async () => {
  expect(await launch('', '/nowhere/node')).toContain('/nowhere/node')
})

test('what the editor sets for itself is left out', () => {
  const inherited = {
    PATH: '/bin',
    VSCODE_PID: '1',
    ELECTRON_RUN_AS_NODE: '1',
    NODE_OPTIONS: '-r x',
  }
  expect(sessionEnvironment(inherited)).toEqual({ PATH: '/bin', ELECTRON_RUN_AS_NODE: '1' })
})

test('a session is over when nobody has been attached for as long as it lingers', () => {
  const left = attend(attend({ kind: 'attended' }, 1, 0), 0, 1_000)
  expect(isOver(left, 15_000, 15_999)).toBe(false)
  expect(isOver(attend(left, 0, 16_000), 15_000, 16_000)).toBe(true)
  expect(isOver(attend(left, 1, 15_500), 15_000, 16_000)).toBe(false)
})
