import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import { STUBBORN, stubbornWorkspace } from './support/stubborn.ts'
import { Workspace } from './support/workspace.ts'

const HOWS = [
  'ignores-sigterm',
  'forks',
  'double-forks',
  'stops-itself',
  'closes-its-output',
  'leaves-its-group',
] as const

test.for(HOWS)('a function that %s must not outlive the session', async (how) => {
  await using workspace = stubbornWorkspace([how])
  await using session = await workspace.session()
  expect(workspace.processes().length).toBeGreaterThan(1)
  expect(await session.endBy('SIGINT')).toEqual({ code: 130, signal: null })
  expect(session.events().at(-1)).toMatchObject({ type: 'session-ended', stopped: 1, left: [] })
  expect(workspace.processes()).toEqual([])
})

test('only functions that ignore SIGTERM are counted as ended by force', async () => {
  await using workspace = stubbornWorkspace(HOWS)
  await using session = await workspace.session()
  await session.endBy('SIGTERM')
  const forced = session
    .events()
    .flatMap((event) => (event.type === 'stopped' && event.forced ? [event.target] : []))
  expect(forced.toSorted()).toEqual(['forks', 'ignores-sigterm'])
  expect(session.events().at(-1)).toMatchObject({ stopped: HOWS.length, forced: 2, left: [] })
  expect(workspace.processes()).toEqual([])
})

test('what left the group of a run is gone before its successor starts', async () => {
  await using workspace = stubbornWorkspace(['leaves-its-group'])
  await using session = await workspace.session()
  const before = workspace.processes().filter((line) => line.includes(STUBBORN))
  expect(before).toHaveLength(2)
  const from = session.events().length
  workspace.write('leaves-its-group.txt', '2')
  await session.event(({ type }) => type === 'ready', from)
  const after = workspace.processes().filter((line) => line.includes(STUBBORN))
  expect(after).toHaveLength(2)
  expect(after.filter((line) => before.includes(line))).toEqual([])
})

test('what left the group of a run that crashed is ended too', async () => {
  await using workspace = stubbornWorkspace(['leaves-its-group'])
  await using session = await workspace.session()
  const ready = session.events().find((event) => event.type === 'ready')
  const from = session.events().length
  process.kill(ready?.type === 'ready' ? ready.pid : 0, 'SIGKILL')
  await session.event(({ type }) => type === 'ready', from)
  expect(workspace.processes().filter((line) => line.includes(STUBBORN))).toHaveLength(2)
})

test('what left the group of a build is named, and left alone', async () => {
  await using workspace = Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        api: { watch: ['a.txt'], build: { command: ['node', STUBBORN, 'build-with-a-daemon'] } },
      },
    }),
  })
  await using session = await workspace.session()
  const daemon = workspace.processes().filter((line) => line.includes(STUBBORN))
  expect(daemon).toHaveLength(1)
  const pid = daemon[0]?.split(' ', 1)[0] ?? ''
  const warning = await session.event(({ type }) => type === 'warning')
  expect(warning).toMatchObject({ code: 'BUILD_LEFT_PROCESSES', target: 'api' })
  expect(JSON.stringify(warning)).toContain(`pid ${pid}`)
  await session.endBy('SIGINT')
  await eventually('the daemon of the build is all that lives', () =>
    workspace.processes().length === 1 ? true : undefined,
  )
  expect(workspace.processes()).toEqual(daemon)
})
