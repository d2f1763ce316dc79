import { expect, test } from 'vitest'

import { ChildGroups } from './child-groups.ts'
import type { Child, Spawn, SpawnRequest } from './child.ts'

const request: SpawnRequest = {
  command: { kind: 'exec', argv: ['true'] },
  cwd: '/',
  env: {},
  onLine: () => undefined,
}

/** Children that do nothing but remember their signals. */
class FakeChildren {
  readonly sent: string[] = []
  readonly ends: (() => void)[] = []
  #pid = 10

  readonly spawn: Spawn = async ({ gate }) => {
    const pid = ++this.#pid
    await gate?.(pid)
    const ended = Promise.withResolvers<Awaited<Child['ended']>>()
    this.ends.push(() =>
      ended.resolve({ end: { kind: 'code', code: 0 }, forced: false, leftovers: [] }),
    )
    this.sent.push(`begin ${pid}`)
    const child: Child = {
      pid,
      ended: ended.promise,
      stop: () => undefined,
      signal: async (signal) => {
        this.sent.push(`${signal} ${pid}`)
        return Promise.resolve(true)
      },
    }
    return { kind: 'spawned', child }
  }
}

test('all groups are stopped, and all go on', async () => {
  const fake = new FakeChildren()
  const groups = new ChildGroups(fake.spawn)
  await groups.spawn(request)
  await groups.spawn(request)
  await groups.suspend()
  await groups.resume()
  expect(fake.sent).toEqual([
    'begin 11',
    'begin 12',
    'SIGSTOP 11',
    'SIGSTOP 12',
    'SIGCONT 11',
    'SIGCONT 12',
  ])
})

test('a group that is gone is signaled no more', async () => {
  const fake = new FakeChildren()
  const groups = new ChildGroups(fake.spawn)
  await groups.spawn(request)
  fake.ends[0]?.()
  await Promise.resolve()
  expect(groups.size).toBe(0)
  await groups.suspend()
  expect(fake.sent).toEqual(['begin 11'])
})

test('no program begins while all stand still', async () => {
  const fake = new FakeChildren()
  const groups = new ChildGroups(fake.spawn)
  await groups.suspend()
  const spawned = groups.spawn(request)
  await Promise.resolve()
  expect(fake.sent).toEqual([])
  await groups.resume()
  await spawned
  expect(fake.sent).toEqual(['begin 11'])
})

test('a child at its gate stays there', async () => {
  const fake = new FakeChildren()
  const groups = new ChildGroups(fake.spawn)
  const recorded = Promise.withResolvers<void>()
  const spawned = groups.spawn({ ...request, gate: async () => recorded.promise })
  await groups.suspend()
  recorded.resolve()
  await Promise.resolve()
  expect(fake.sent).toEqual([])
  await groups.resume()
  await spawned
  expect(fake.sent).toEqual(['begin 11'])
})

test('a child that begins in the same moment is stopped at once', async () => {
  const fake = new FakeChildren()
  const begun = Promise.withResolvers<void>()
  const groups = new ChildGroups(async (options) => {
    await begun.promise
    return fake.spawn(options)
  })
  const spawned = groups.spawn(request)
  await Promise.resolve()
  await groups.suspend()
  begun.resolve()
  await spawned
  expect(fake.sent).toEqual(['begin 11', 'SIGSTOP 11'])
})
