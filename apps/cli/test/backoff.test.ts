import { expect, test } from 'vitest'

import { ask, askJson } from './support/ask.ts'
import type { Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

/** Is ready, and crashes, each time that it is started, until `mode.txt` says otherwise. */
const crashing = (restart: Readonly<Record<string, unknown>>): Workspace =>
  Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        api: {
          watch: ['mode.txt'],
          run: { command: ['node', 'server.mjs'], ready: { output: '^up' }, restart },
        },
        other: { watch: ['other.txt'], run: ['node', '-e', 'setInterval(() => {}, 1e6)'] },
      },
    }),
    'mode.txt': 'crash',
    'other.txt': '1',
    'server.mjs': `import { readFileSync } from 'node:fs'
console.log('up')
if (readFileSync('mode.txt', 'utf8').startsWith('crash')) setTimeout(() => process.exit(7), 20)
else setInterval(() => {}, 1e6)
`,
  })

/** What is said of each crash since an event: until the next start, and how many there were. */
const crashes = (session: Program, from = 0): readonly (readonly [number | null, number])[] =>
  session
    .events()
    .slice(from)
    .flatMap((event) =>
      event.type === 'crashed' ? [[event.restartInMs, event.restarts] as const] : [],
    )

const givesUp = async (session: Program, from = 0): Promise<void> => {
  await session.event((event) => event.type === 'crashed' && event.restartInMs === null, from)
}

test('crashes are restarted after waits that double up to the longest, so many times, and no more', async () => {
  await using workspace = crashing({
    initial: '20ms',
    max: '100ms',
    times: 5,
    within: '10m',
  })
  await using session = await workspace.session()
  await givesUp(session)
  expect(crashes(session)).toEqual([
    [20, 1],
    [40, 2],
    [80, 3],
    [100, 4],
    [100, 5],
    [null, 5],
  ])
})

test('that it crashed, when it comes back, and that it does not, is shown', async () => {
  await using workspace = crashing({ initial: '10m', max: '10m', times: 1 })
  await using session = workspace.run(['watch', '--json'])
  await session.event(({ type }) => type === 'crashed')
  await session.event((event) => event.type === 'ready' && event.target === 'other')
  expect((await ask(workspace, ['status'])).stdout).toMatch(
    /^api +crashed .*exit code 7, starts again in \d+/m,
  )
  const { document } = await askJson(workspace, ['status'])
  expect(document['targets']).toMatchObject([
    { name: 'api', run: { kind: 'crashed', restartAt: expect.any(Number), restarts: 1 } },
    { name: 'other', phase: 'ready' },
  ])
  // It will come back by itself, so whoever waits goes on waiting.
  expect((await ask(workspace, ['wait', '--timeout', '100ms'])).code).toBe(4)
})

test('a relevant change starts it again at once and forgets the crashes; another one does not', async () => {
  await using workspace = crashing({ initial: '20ms', max: '20ms', times: 2, within: '10m' })
  await using session = await workspace.session()
  await givesUp(session)
  expect((await ask(workspace, ['status'])).stdout).toMatch(
    /^api +crashed .*exit code 7.*waits for a change/m,
  )
  const { code, stdout } = await ask(workspace, ['wait'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: 'api: crashed: exit code 7\n' })
  let from = session.events().length
  workspace.write('other.txt', '2')
  await session.event((event) => event.type === 'ready' && event.target === 'other', from)
  expect(session.events().slice(from)).not.toContainEqual(
    expect.objectContaining({ type: 'starting', target: 'api' }),
  )
  from = session.events().length
  workspace.write('mode.txt', 'crash again')
  await givesUp(session, from)
  expect(crashes(session, from)).toEqual([
    [20, 1],
    [20, 2],
    [null, 2],
  ])
  from = session.events().length
  workspace.write('mode.txt', 'serve')
  await session.event((event) => event.type === 'ready' && event.target === 'api', from)
  expect((await ask(workspace, ['wait'])).code).toBe(0)
})

test('a change while it waits for its restart does not wait', async () => {
  await using workspace = crashing({ initial: '10m', max: '10m' })
  await using session = workspace.run(['watch', '--json'])
  await session.event(({ type }) => type === 'crashed')
  const from = session.events().length
  workspace.write('mode.txt', 'serve')
  await session.event((event) => event.type === 'ready' && event.target === 'api', from)
  expect((await ask(workspace, ['wait'])).code).toBe(0)
})

test('with "on": "never" a crash waits for a change', async () => {
  await using workspace = crashing({ on: 'never' })
  await using session = await workspace.session()
  await givesUp(session)
  expect(crashes(session)).toEqual([[null, 0]])
})
