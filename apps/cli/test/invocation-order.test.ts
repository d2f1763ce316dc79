import { rmSync } from 'node:fs'
import { join } from 'node:path'

import type { TargetState } from '@singletrack/orchestrator'
import { expect, test } from 'vitest'

import { call, openFunctions } from './support/function-session.ts'
import { functionWorkspace } from './support/function-workspace.ts'
import type { Program } from './support/program.ts'
import type { Workspace } from './support/workspace.ts'

/** The targets whose builds began, in that order. */
const built = (session: Program, from = 0): readonly string[] =>
  session
    .events()
    .slice(from)
    .flatMap((event) => (event.type === 'build-started' ? event.members : []))

const release = (workspace: Workspace, name: string): void =>
  rmSync(join(workspace.root, `hold-${name}`))

async function statesOf(workspace: Workspace): Promise<readonly TargetState[]> {
  const status = workspace.run(['status', '--json'])
  await status.end()
  return (JSON.parse(status.stdout) as { readonly targets: readonly TargetState[] }).targets
}

/** Ten builds and ten processes one after the other, on a machine that does other things too. */
const TEN_MS = 180_000

test(
  'ten callers on a cold workspace see whose turn it is, and are served in that order',
  { timeout: TEN_MS },
  async () => {
    const names = Array.from({ length: 10 }, (_, index) => `f${index}`)
    await using workspace = functionWorkspace(Object.fromEntries(names.map((name) => [name, {}])))
    workspace.write('hold-f7', '')
    await using opened = await openFunctions(workspace)
    const { session, endpoint } = opened
    // Called in an order of their own, each once the one before is in the queue.
    const called = ['f7', ...names.filter((name) => name !== 'f7').toReversed()]
    const answered: string[] = []
    const answers: Promise<void>[] = []
    const ask = async (name: string): Promise<void> => {
      const { payload } = await call(endpoint, name)
      expect(payload['function']).toBe(name)
      answered.push(name)
    }
    for (const name of called) {
      answers.push(ask(name))
      await session.event((event) => event.type === 'queued' && event.target === name)
    }
    await session.event(({ type }) => type === 'build-started')
    const states = await statesOf(workspace)
    expect(states.find(({ name }) => name === 'f7')?.phase).toBe('building')
    for (const { name, phase, build } of states.filter((state) => state.name !== 'f7')) {
      expect({ name, phase }).toEqual({ name, phase: 'queued' })
      expect(build).toMatchObject({
        hold: { kind: 'resource', text: 'waits for dist, held by f7' },
      })
    }
    release(workspace, 'f7')
    await Promise.all(answers)
    expect(built(session)).toEqual(called)
    const events = session.events()
    const building = new Set<string>()
    for (const event of events) {
      if (event.type === 'build-started') building.add(event.target)
      if (event.type === 'build-succeeded') building.delete(event.target)
      expect(building.size, 'one at a time').toBeLessThanOrEqual(1)
    }
    const firstAnswer = events.findIndex(({ type }) => type === 'invoked')
    const lastBuild = events.findLastIndex(({ type }) => type === 'build-started')
    expect(firstAnswer, 'the first is not kept by those behind it').toBeLessThan(lastBuild)
    expect(answered.toSorted()).toEqual(names)
  },
)

test('what somebody waits for is built before what nobody waits for', async () => {
  await using workspace = functionWorkspace({
    worker: { start: 'eager', run: null },
    slow: {},
    hello: {},
  })
  await using opened = await openFunctions(workspace)
  const { session, endpoint } = opened
  workspace.write('hold-slow', '')
  const from = session.events().length
  const slow = call(endpoint, 'slow')
  await session.event((event) => event.type === 'build-started', from)
  workspace.edit('src/worker.mjs', "'1'", "'2'")
  await session.event((event) => event.type === 'queued' && event.target === 'worker', from)
  const hello = call(endpoint, 'hello')
  await session.event((event) => event.type === 'queued' && event.target === 'hello', from)
  release(workspace, 'slow')
  await Promise.all([slow, hello])
  await session.event(
    (event) => event.type === 'build-succeeded' && event.target === 'worker',
    from,
  )
  expect(built(session, from)).toEqual(['slow', 'hello', 'worker'])
})

test('a caller of what is ready is not kept by a stranger’s build', async () => {
  await using workspace = functionWorkspace({ ready: {}, slow: {} })
  await using opened = await openFunctions(workspace)
  const { session, endpoint } = opened
  await call(endpoint, 'ready')
  workspace.write('hold-slow', '')
  const from = session.events().length
  const slow = call(endpoint, 'slow')
  await session.event((event) => event.type === 'build-started', from)
  expect(await call(endpoint, 'ready')).toMatchObject({ status: 200 })
  expect(
    session
      .events()
      .slice(from)
      .map(({ type }) => type),
  ).not.toContain('build-succeeded')
  release(workspace, 'slow')
  expect(await slow).toMatchObject({ status: 200 })
})
