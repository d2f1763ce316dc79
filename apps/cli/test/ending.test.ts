import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import { Workspace } from './support/workspace.ts'

test.for([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends everything, says so, and exits %d', async ([signal, code]) => {
  await using workspace = await Workspace.functions()
  await using session = workspace.run(['watch'])
  await session.says('Ctrl-C ends everything')
  expect(await session.endBy(signal)).toEqual({ code, signal: null })
  expect(session.stdout.trimEnd().split('\n').at(-1)).toMatch(/3 stopped, 0 by force, 0 left$/)
  expect(workspace.processes()).toEqual([])
})

test('a signal that a wrapper relays a second time must not force the end', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  session.signal('SIGINT')
  session.signal('SIGINT')
  await session.end()
  expect(session.events().at(-1)).toMatchObject({
    type: 'session-ended',
    stopped: 3,
    forced: 0,
    left: [],
  })
})

test('a function that ignores SIGTERM is ended by force after its grace, with all it started', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  expect(await workspace.post('emails', '/hang')).toBe(202)
  await session.endBy('SIGINT')
  expect(session.events().at(-1)).toMatchObject({
    type: 'session-ended',
    stopped: 3,
    forced: 1,
    left: [],
  })
  expect(workspace.processes()).toEqual([])
})

test('dependents are stopped before what they depend on', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  await session.endBy('SIGINT')
  const order = session
    .events()
    .flatMap((event) =>
      event.type === 'stopped' || event.type === 'stopping'
        ? [`${event.type} ${event.target}`]
        : [],
    )
  expect(order.indexOf('stopping billing')).toBeGreaterThan(order.indexOf('stopped orders'))
})

test('a signal during the first build ends the build too', async () => {
  await using workspace = await Workspace.functions()
  await using session = workspace.run(['watch', '--json'], { EXTRA_BUILD_MS: '30000' })
  await eventually('a build runs', () =>
    workspace.processes().some((line) => line.includes('build.mjs')) ? true : undefined,
  )
  expect(await session.endBy('SIGTERM')).toEqual({ code: 143, signal: null })
  expect(workspace.processes()).toEqual([])
})

test('kill -9 of the session must not leave an orphan', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  expect(workspace.processes().length).toBeGreaterThan(3)
  process.kill(session.pid, 'SIGKILL')
  await workspace.empty()
})
