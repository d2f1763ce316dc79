import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import type { Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

/** A target whose build takes until `gate` says what its input says. */
const slow = (build: Readonly<Record<string, unknown>>): Workspace =>
  Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        slow: { watch: ['input.txt'], build: { command: ['node', 'build.mjs'], ...build } },
      },
    }),
    'build.mjs': `import { readFileSync, appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
const input = readFileSync('input.txt', 'utf8')
appendFileSync('begun.txt', input + '\\n')
while (Number(readFileSync('gate.txt', 'utf8')) < Number(input)) await sleep(10)
`,
    'gate.txt': '1',
    'input.txt': '1',
    'begun.txt': '',
  })

const begun = (workspace: Workspace): readonly string[] =>
  readFileSync(join(workspace.root, 'begun.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')

/** Begins the build of input 2, which waits for the gate. */
async function building(workspace: Workspace): Promise<Program> {
  const session = await workspace.session()
  workspace.write('input.txt', '2')
  await eventually('the second build works', () =>
    begun(workspace).includes('2') ? true : undefined,
  )
  return session
}

const settled = async (workspace: Workspace): Promise<number | null> => {
  const wait = workspace.run(['wait', '--settled', '--timeout', '30s'])
  return (await wait.end()).code
}

test('with onBusy "restart" a change aborts the build that it makes stale', async () => {
  await using workspace = slow({ onBusy: 'restart' })
  await using session = await building(workspace)
  workspace.write('gate.txt', '1')
  const from = session.events().length
  workspace.write('input.txt', '1')
  await session.event(({ type }) => type === 'build-succeeded', from)
  expect(begun(workspace)).toEqual(['1', '2', '1'])
  expect(await settled(workspace)).toBe(0)
})

test('with onBusy "ignore" a change during a build means nothing, and it settles', async () => {
  await using workspace = slow({ onBusy: 'ignore' })
  await using session = await building(workspace)
  workspace.write('input.txt', '3')
  await session.event(({ type }) => type === 'unchanged')
  workspace.write('gate.txt', '3')
  expect(await settled(workspace)).toBe(0)
  expect(begun(workspace)).toEqual(['1', '2'])
})

test('a build that takes longer than its timeout is ended with all it started, and a change mends it', async () => {
  await using workspace = slow({ timeout: '500ms' })
  await using session = await building(workspace)
  const failed = await session.event(({ type }) => type === 'build-failed')
  expect(failed).toMatchObject({ target: 'slow', headline: 'timed out after 500 ms' })
  expect(workspace.processes().some((line) => line.includes('build.mjs'))).toBe(false)
  const from = session.events().length
  workspace.write('input.txt', '0')
  await session.event(({ type }) => type === 'build-succeeded', from)
})
