import { ControlClient } from '@singletrack/orchestrator'
import { expect, test, vi } from 'vitest'

import { type Answer, FakeSession } from '../../test/support/fake-session.ts'
import { cli, hello, session, target } from '../../test/support/states.ts'
import type { Link } from '../model/link.ts'
import { type Locks, noLocks } from '../model/locks.ts'
import { RootSession } from './root-session.ts'

const held: Locks = { session: cli, builds: [] }

const friendly: Answer = (method) => ({
  result: method === 'hello' ? hello : session([target('api')]),
})

interface Rig extends AsyncDisposable {
  readonly root: RootSession
  readonly locks: (locks: Locks) => void
  readonly launched: () => number
  /** Waits until the link is of this kind. */
  readonly until: (kind: Link['kind']) => Promise<void>
}

function rig(fake: FakeSession, trusted = true): Rig {
  const listeners: ((locks: Locks) => void)[] = []
  let launched = 0
  const root = new RootSession({
    root: '/w',
    log: () => undefined,
    isTrusted: () => trusted,
    connect: async ({ nonce }) => ControlClient.connect(fake.path, nonce),
    watchLocks: (_root, onChange) => {
      listeners.push(onChange)
      return { [Symbol.asyncDispose]: async () => Promise.resolve() }
    },
    launch: async () => {
      launched += 1
      return Promise.resolve({ problem: 'no Node.js' })
    },
  })
  return {
    root,
    locks: (locks) => {
      for (const listener of listeners) listener(locks)
    },
    launched: () => launched,
    until: async (kind) => {
      await vi.waitFor(() => expect(root.link.kind).toBe(kind), { timeout: 20_000 })
    },
    [Symbol.asyncDispose]: async () => root[Symbol.asyncDispose](),
  }
}

test('a session whose lock appears is attached to, with its state', async () => {
  await using fake = new FakeSession(friendly)
  await fake.listen()
  await using at = rig(fake)
  at.locks(held)
  await at.until('attached')
  const { link } = at.root
  expect(link.kind === 'attached' && link.state.targets.map(({ name }) => name)).toEqual(['api'])
})

test('a session that listens only later is attached to all the same', async () => {
  await using fake = new FakeSession(friendly)
  await using at = rig(fake)
  at.locks(held)
  await at.until('unreachable')
  await fake.listen()
  await at.until('attached')
})

test('a session of another protocol is shown with what it says, and not asked again', async () => {
  const words = 'the session (singletrack 9.0.0) speaks protocol 2, the client speaks 1'
  await using fake = new FakeSession(() => ({ error: words }))
  await fake.listen()
  await using at = rig(fake)
  at.locks(held)
  await at.until('incompatible')
  expect(at.root.link).toMatchObject({ problem: expect.stringContaining(words) as unknown })
  expect(fake.asked).toEqual(['hello'])
})

test('an event brings the new state, and a burst of them a few questions', async () => {
  let name = 'api'
  await using fake = new FakeSession((method) => ({
    result: method === 'hello' ? hello : session([target(name)]),
  }))
  await fake.listen()
  await using at = rig(fake)
  at.locks(held)
  await at.until('attached')
  const before = fake.asked.length
  name = 'web'
  for (let id = 1; id <= 200; id += 1) fake.tell({ v: 1, id, time: '', type: 'settled' })
  await vi.waitFor(() => {
    const { link } = at.root
    expect(link.kind === 'attached' && link.state.targets[0]?.name).toBe('web')
    expect(at.root.history).toHaveLength(200)
  })
  expect(fake.asked.length - before).toBeLessThan(50)
})

test('a connection that is lost is taken up again while the lock is held', async () => {
  await using fake = new FakeSession(friendly)
  await fake.listen()
  await using at = rig(fake)
  at.locks(held)
  await at.until('attached')
  fake.hangUp()
  await at.until('unreachable')
  await at.until('attached')
})

test('a lock that is let go leaves nothing to ask', async () => {
  await using fake = new FakeSession(friendly)
  await fake.listen()
  await using at = rig(fake)
  at.locks(held)
  await at.until('attached')
  at.locks(noLocks)
  expect(at.root.link).toEqual({ kind: 'none' })
  await expect(at.root.request('status', {})).rejects.toThrow('no session runs')
})

test('in Restricted Mode nothing is launched and nothing is driven, and the state is read', async () => {
  await using fake = new FakeSession(friendly)
  await fake.listen()
  await using at = rig(fake, false)
  at.root.launch()
  expect(at.launched()).toBe(0)
  at.locks(held)
  await at.until('attached')
  await expect(at.root.request('start', { targets: ['api'] })).rejects.toThrow('Restricted Mode')
  await expect(at.root.request('env', { target: 'api' })).rejects.toThrow('Restricted Mode')
  expect(fake.asked).not.toContain('start')
})

test('a launch that fails says why, and a second one may follow', async () => {
  await using fake = new FakeSession(friendly)
  await using at = rig(fake)
  at.root.launch()
  await at.until('failed')
  expect(at.root.link).toEqual({ kind: 'failed', problem: 'no Node.js' })
  at.root.launch()
  expect(at.launched()).toBe(2)
})
