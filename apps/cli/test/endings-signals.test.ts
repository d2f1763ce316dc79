import { setTimeout as sleep } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { stubbornWorkspace } from './support/stubborn.ts'

/** Signals of one kind within half a second count as one. */
const BEYOND_THE_RELAY_WINDOW_MS = 700
const FOREVER = '10m'

test('a second Ctrl-C ends at once what would have been given minutes', async () => {
  await using workspace = stubbornWorkspace(['forks'], { grace: FOREVER })
  await using session = await workspace.session()
  session.signal('SIGINT')
  await session.event(({ type }) => type === 'stopping')
  await sleep(BEYOND_THE_RELAY_WINDOW_MS)
  expect(await session.endBy('SIGINT')).toEqual({ code: 130, signal: null })
  expect(session.events().at(-1)).toMatchObject({ stopped: 1, forced: 1, left: [] })
  expect(workspace.processes()).toEqual([])
})

test('SIGTERM right after Ctrl-C counts as the second', async () => {
  await using workspace = stubbornWorkspace(['ignores-sigterm'], { grace: FOREVER })
  await using session = await workspace.session()
  session.signal('SIGINT')
  await session.event(({ type }) => type === 'stopping')
  expect(await session.endBy('SIGTERM')).toEqual({ code: 130, signal: null })
  expect(workspace.processes()).toEqual([])
})

test('a third leaves without waiting, and still no process of it lives', async () => {
  await using workspace = stubbornWorkspace(['ignores-sigterm', 'forks'], { grace: FOREVER })
  await using session = await workspace.session()
  session.signal('SIGINT')
  await session.event(({ type }) => type === 'stopping')
  session.signal('SIGTERM')
  session.signal('SIGHUP')
  expect((await session.end()).code).toBe(130)
  await workspace.empty()
})

test('a signal before the session is up ends it', async () => {
  await using workspace = stubbornWorkspace(['plain'])
  await using program = workspace.run(['watch', '--json'])
  await program.event(({ type }) => type === 'session-started')
  expect((await program.endBy('SIGTERM')).code).toBe(143)
  expect(workspace.processes()).toEqual([])
})
