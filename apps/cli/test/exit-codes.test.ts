import { expect, test } from 'vitest'

import { ask } from './support/ask.ts'
import { README, tableBelow } from './support/readme.ts'
import { Workspace } from './support/workspace.ts'

const configuration = JSON.stringify({
  targets: {
    good: { watch: [], build: ['node', '-e', ''] },
    bad: { watch: [], build: ['node', '-e', 'process.exit(9)'] },
    busy: { watch: [], start: 'manual', build: ['node', '-e', 'setInterval(() => {}, 1e6)'] },
  },
})

interface Row {
  /** What is typed. */
  readonly args: readonly string[]
  readonly exitCode: number
  /** What must be the case before. */
  readonly given?: 'a session' | 'a busy session'
}

/** How each exit code of the README comes about. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  '0': [
    { args: ['build', 'good'], exitCode: 0 },
    { args: ['stop', 'good'], exitCode: 0, given: 'a session' },
  ],
  '1': [
    { args: ['build', 'bad'], exitCode: 1 },
    { args: ['wait'], exitCode: 1, given: 'a session' },
  ],
  '2': [
    { args: ['bulid'], exitCode: 2 },
    { args: ['build', 'godo'], exitCode: 2 },
    { args: ['watch', '-w', 'src'], exitCode: 2 },
    { args: ['config', '--config', 'missing.jsonc'], exitCode: 2 },
  ],
  '3': [{ args: ['watch'], exitCode: 3, given: 'a session' }],
  '4': [{ args: ['wait', '--timeout', '10ms'], exitCode: 4, given: 'a busy session' }],
  '5': [
    { args: ['status'], exitCode: 5 },
    { args: ['logs', '-f'], exitCode: 5 },
  ],
  '125–127': [
    { args: ['exec'], exitCode: 125 },
    { args: ['exec', '--ues', 'build', '--', 'true'], exitCode: 125 },
    { args: ['exec', '--uses', 'bulid', '--', 'true'], exitCode: 125 },
    { args: ['watch', '--debunce', '1s', '--', 'true'], exitCode: 125 },
    { args: ['watch', '--debounce', 'soon', '--', 'true'], exitCode: 125 },
    { args: ['watch', 'good', '--', 'true'], exitCode: 125 },
    { args: ['exec', '--', './singletrack.jsonc'], exitCode: 126 },
    { args: ['exec', '--', 'no-such-program'], exitCode: 127 },
    { args: ['watch', '--', './singletrack.jsonc'], exitCode: 126 },
    { args: ['watch', '--', 'no-such-program'], exitCode: 127 },
  ],
  '128 + n': [
    { args: ['exec', '--', 'sh', '-c', 'kill -TERM $$'], exitCode: 143 },
    {
      args: ['watch', '--exit-on-error', '--', 'sh', '-c', 'kill -KILL $$'],
      exitCode: 137,
    },
  ],
}

const told = tableBelow(README, 'Exit codes').map(([exitCode = '']) => exitCode)

test('the README tells of each exit code that is tried here, and of no other', () => {
  expect(told.filter((exitCode) => exitCode !== '70')).toEqual(Object.keys(rows))
})

test.for(
  Object.values(rows)
    .flat()
    .map((row) => [row.exitCode, row.args.join(' '), row.given ?? 'no session', row] as const),
)('%i: singletrack %s, with %s', async ([exitCode, , given, { args }]) => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  await using session = given === 'no session' ? null : await workspace.session()
  if (given === 'a busy session') {
    await ask(workspace, ['start', 'busy'])
    await session?.event((event) => event.type === 'build-started' && event.target === 'busy')
  }
  const answer = await ask(workspace, args)
  expect(answer).toMatchObject({ code: exitCode })
})

test('70: a session whose lock was broken by force ends, and says so', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  await using session = await workspace.session()
  await ask(workspace, ['lock', 'break', 'watch', '--force'])
  expect(await session.end()).toEqual({ code: 70, signal: null })
  expect(session.events().at(-1)).toMatchObject({ type: 'session-ended', left: [] })
})
