import { expect, test } from 'vitest'

import { ask, askJson } from './support/ask.ts'
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
