import { type SessionEvent, findSession } from '@singletrack/orchestrator'
import { expect, test } from 'vitest'

import { ask, askJson } from './support/ask.ts'
import { eventually } from './support/eventually.ts'
import { Workspace } from './support/workspace.ts'

const idle = (name: string, start: string): object => ({
  watch: [],
  start,
  run: ['node', '-e', `console.log('${name} runs'); setInterval(() => {}, 1e6)`],
})

const configuration = JSON.stringify({
  targets: { api: idle('api', 'eager'), extra: idle('extra', 'manual') },
})

test('watch NAME while a session lives attaches, and detaching stops only what it added', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  await using session = await workspace.session()
  await using attached = workspace.run(['watch', 'api', 'extra'])
  await attached.says(`attached to the session that runs (pid ${session.pid}); started extra`)
  await attached.says(/^extra +│ extra runs$/m)
  expect(await attached.endBy('SIGINT')).toEqual({ code: 130, signal: null })
  expect(attached.stderr).toContain('detached, stopped extra')
  const { document } = await askJson(workspace, ['status'])
  const targets = document['targets'] as { readonly name: string; readonly phase: string }[]
  expect(targets.map(({ name, phase }) => [name, phase])).toEqual([
    ['api', 'ready'],
    ['extra', 'stopped'],
  ])
})

test('who is attached ends with the session', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  await using session = await workspace.session()
  await using attached = workspace.run(['watch', 'extra'])
  await attached.says('started extra')
  await session.endBy('SIGTERM')
  expect((await attached.end()).code).toBe(0)
})

test('watch without names while a session lives exits 3 and says who is there', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  await using session = await workspace.session()
  const { code, stderr } = await ask(workspace, ['watch'])
  expect(code).toBe(3)
  expect(stderr).toContain(`pid ${session.pid}`)
})

test('a pause is told to whoever is attached, once for each time that something changes', async () => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': configuration })
  await using session = await workspace.session()
  expect(session.pid).toBeGreaterThan(0)
  const found = await findSession(workspace.root)
  if (found.kind !== 'connected') throw new Error(found.kind)
  await using client = found.client
  const told: SessionEvent['type'][] = []
  client.onEvent(({ type }) => {
    if (type === 'paused' || type === 'resumed') told.push(type)
  })
  await client.request('subscribe', {})
  for (const method of ['pause', 'pause', 'resume', 'resume', 'pause'] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what is tested
    await client.request(method, {})
  }
  expect(await client.request('status', {})).toMatchObject({ paused: true })
  await eventually('all has been told', () => told.length >= 3 || undefined)
  expect(told).toEqual(['paused', 'resumed', 'paused'])
})
