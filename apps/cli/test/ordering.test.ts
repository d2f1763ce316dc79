import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { type SessionEvent, findSession } from '@singletrack/orchestrator'
import { expect, test } from 'vitest'

import { ask } from './support/ask.ts'
import { eventually } from './support/eventually.ts'
import { built, gatedWorkspace } from './support/gated-workspace.ts'
import type { Program } from './support/program.ts'
import type { Workspace } from './support/workspace.ts'

const TARGETS = {
  alpha: { priority: 1 },
  beta: { priority: 3 },
  gamma: { priority: 2 },
}

const letGo = (workspace: Workspace, name: string): void =>
  rmSync(join(workspace.root, `hold-${name}`))

/** Waits until all that happened so far has been answered. */
async function settle(workspace: Workspace): Promise<void> {
  expect(await ask(workspace, ['wait', '--settled'])).toMatchObject({ code: 0 })
}

/** Edits files one after the other, each when the one before has made its target due. */
async function editInOrder(
  workspace: Workspace,
  session: Program,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    const from = session.events().length
    workspace.write(`src/${name}.txt`, '2')
    // oxlint-disable-next-line no-await-in-loop -- the order is what is tested
    await session.event((event) => event.type === 'queued' && event.target === name, from)
  }
}

/** What the builds took, as the session has measured them. */
const durations = (session: Program): readonly number[] =>
  session
    .events()
    .flatMap((event: SessionEvent) => (event.type === 'build-succeeded' ? [event.durationMs] : []))

/** Has a target built by a build that takes much longer than any before it. */
async function buildForLong(workspace: Workspace, session: Program, name: string): Promise<void> {
  const longest = Math.max(...durations(session))
  const from = session.events().length
  workspace.write(`hold-${name}`, '')
  workspace.write(`src/${name}.txt`, 'for long')
  await session.event((event) => event.type === 'build-started' && event.target === name, from)
  const since = performance.now()
  await eventually(`${name} has taken long`, () =>
    performance.now() - since > 5 * longest ? true : undefined,
  )
  letGo(workspace, name)
  await settle(workspace)
}

test.for([
  ['fifo', ['gamma', 'alpha', 'beta']],
  ['lifo', ['beta', 'alpha', 'gamma']],
  ['priority', ['beta', 'gamma', 'alpha']],
] as const)('%s builds what waits in its order', async ([policy, expected]) => {
  await using workspace = gatedWorkspace({ first: {}, ...TARGETS }, { policy })
  await using session = await workspace.session()
  const from = session.events().length
  workspace.write('hold-first', '')
  await editInOrder(workspace, session, ['first'])
  await editInOrder(workspace, session, ['gamma', 'alpha', 'beta'])
  letGo(workspace, 'first')
  await settle(workspace)
  expect(built(session, from)).toEqual(['first', ...expected])
})

test.for([
  ['priority', ['beta', 'gamma', 'alpha']],
  ['lifo', ['gamma', 'beta', 'alpha']],
  ['fifo', ['alpha', 'beta', 'gamma']],
] as const)(
  'one edit of what all share builds the dependents in the order of %s, from the first on',
  async ([policy, expected]) => {
    await using workspace = gatedWorkspace(TARGETS, { policy })
    await using session = await workspace.session()
    const from = session.events().length
    workspace.write('shared/one.txt', 'shared 2')
    await settle(workspace)
    expect(built(session, from)).toEqual(expected)
    for (const name of expected) expect(workspace.read(`out/${name}.txt`)).toBe('1,shared 2')
  },
)

test('shortestFirst builds what took the least time before what took more', async () => {
  await using workspace = gatedWorkspace(
    { first: {}, ...TARGETS },
    { policy: 'shortestFirst', debounce: '1ms' },
  )
  await using session = await workspace.session()
  await buildForLong(workspace, session, 'gamma')
  await buildForLong(workspace, session, 'beta')
  const from = session.events().length
  workspace.write('hold-first', '')
  await editInOrder(workspace, session, ['first'])
  await editInOrder(workspace, session, ['beta', 'gamma', 'alpha'])
  letGo(workspace, 'first')
  await settle(workspace)
  expect(built(session, from)).toEqual(['first', 'alpha', 'gamma', 'beta'])
})

test('attention builds first what somebody looks at', async () => {
  await using workspace = gatedWorkspace({ first: {}, ...TARGETS }, { policy: 'attention' })
  await using session = await workspace.session()
  const found = await findSession(workspace.root)
  if (found.kind !== 'connected') throw new Error(found.kind)
  await using client = found.client
  const from = session.events().length
  workspace.write('hold-first', '')
  await editInOrder(workspace, session, ['first'])
  await editInOrder(workspace, session, ['alpha', 'beta', 'gamma'])
  await client.request('attend', { targets: ['gamma'] })
  letGo(workspace, 'first')
  await settle(workspace)
  expect(built(session, from).slice(0, 2)).toEqual(['first', 'gamma'])
})

test.for(['fifo', 'lifo', 'priority', 'shortestFirst', 'topological', 'attention'])(
  'whatever %s says, nothing is built before what it depends on',
  async (policy) => {
    await using workspace = gatedWorkspace(
      {
        page: { priority: 9, dependsOn: ['client', 'server'] },
        client: { priority: 5, dependsOn: ['schema'] },
        server: { priority: 7, dependsOn: ['schema'] },
        schema: { priority: 0 },
      },
      { policy },
    )
    await using session = await workspace.session()
    for (const from of [0, session.events().length]) {
      if (from > 0) {
        workspace.write('shared/one.txt', 'shared 2')
        await settle(workspace)
      }
      const order = built(session, from)
      expect(order.toSorted()).toEqual(['client', 'page', 'schema', 'server'])
      expect([order.at(0), order.at(-1)]).toEqual(['schema', 'page'])
    }
  },
)
