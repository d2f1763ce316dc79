import { expect, test, vi } from 'vitest'

import { RunRig } from '../../test/support/run-rig.ts'

const crash = { kind: 'code', code: 1 } as const
const fast = { on: 'crash', initialMs: 1, maxMs: 4, times: 2, withinMs: 60_000 } as const

test('a start spawns one child, on record before it runs, and tells when it is ready', async () => {
  const rig = new RunRig()
  await rig.started()
  expect(rig.story).toEqual(['starting', 'ready'])
  expect([...rig.recorded]).toEqual([rig.fake.last.pid])
  expect(rig.controller.isServing).toBe(true)
})

test('a successor is not spawned before the group of its predecessor is gone', async () => {
  const rig = new RunRig()
  rig.fake.obedient = false
  await rig.started()
  rig.controller.replace(null)
  await rig.until(() => rig.controller.state.kind === 'stopping')
  expect(rig.fake.children).toHaveLength(1)
  rig.fake.last.end({ kind: 'signal', signal: 'SIGTERM' })
  await rig.until(() => rig.fake.children.length === 2)
  expect(rig.fake.living).toHaveLength(1)
})

test('wishes that come while it is stopping lead to one start', async () => {
  const rig = new RunRig()
  rig.fake.obedient = false
  await rig.started()
  rig.controller.replace(null)
  rig.controller.replace(null)
  await rig.until(() => rig.controller.state.kind === 'stopping')
  rig.controller.replace(null)
  rig.fake.last.end({ kind: 'signal', signal: 'SIGTERM' })
  await rig.until(() => rig.controller.state.kind === 'ready')
  expect(rig.fake.children).toHaveLength(2)
})

test('a stop while it is being replaced wins', async () => {
  const rig = new RunRig()
  rig.fake.obedient = false
  await rig.started()
  rig.controller.replace(null)
  await rig.until(() => rig.controller.state.kind === 'stopping')
  const stopped = rig.controller.stop('manual')
  rig.fake.last.end({ kind: 'signal', signal: 'SIGTERM' })
  await stopped
  expect(rig.fake.children).toHaveLength(1)
  expect(rig.controller.state).toEqual({ kind: 'stopped', reason: 'manual' })
})

test('a crash after it was ready is restarted, until the policy has had enough', async () => {
  const rig = new RunRig({ restart: fast })
  await rig.started()
  for (const count of [2, 3]) {
    rig.fake.last.end(crash)
    await rig.until(
      () => rig.fake.children.length === count && rig.controller.state.kind === 'ready',
    )
  }
  rig.fake.last.end(crash)
  await rig.until(() => rig.controller.state.kind === 'crashed')
  expect(rig.controller.state).toMatchObject({ kind: 'crashed', restartAt: null, restarts: 2 })
})

test('a change resets the count of restarts', async () => {
  const rig = new RunRig({ restart: fast })
  await rig.started()
  for (const count of [2, 3]) {
    rig.fake.last.end(crash)
    await rig.until(
      () => rig.fake.children.length === count && rig.controller.state.kind === 'ready',
    )
  }
  rig.controller.replace(null)
  await rig.until(() => rig.fake.children.length === 4 && rig.controller.state.kind === 'ready')
  rig.fake.last.end(crash)
  await rig.until(() => rig.fake.children.length === 5)
})

test('a crash before it was ready waits for a change', async () => {
  const rig = new RunRig({ restart: fast })
  rig.readiness = null
  await rig.started('starting')
  await rig.until(() => rig.fake.children.length === 1)
  rig.fake.last.end(crash)
  await rig.until(() => rig.controller.state.kind === 'crashed')
  expect(rig.controller.state).toMatchObject({ restartAt: null })
})

test('exit code 0 is completion and not restarted', async () => {
  const rig = new RunRig({ restart: fast })
  await rig.started()
  rig.fake.last.end({ kind: 'code', code: 0 })
  await rig.until(() => rig.controller.state.kind === 'completed')
  expect(rig.story).toEqual(['starting', 'ready', 'completed'])
})

test('a stop while a restart is due must not leave it restarting', async () => {
  const rig = new RunRig({ restart: { ...fast, initialMs: 60_000, maxMs: 60_000 } })
  await rig.started()
  rig.fake.last.end(crash)
  await rig.until(() => rig.controller.state.kind === 'crashed')
  await rig.controller.stop('manual')
  expect(rig.controller.state).toEqual({ kind: 'stopped', reason: 'manual' })
})

test('it starts only when nobody listens on its port any more, and names who does', async () => {
  const rig = new RunRig({ port: 3001 })
  rig.busyPorts.add(3001)
  rig.controller.replace(null)
  await rig.until(() => rig.controller.state.kind === 'starting')
  expect(rig.fake.children).toHaveLength(0)
  rig.busyPorts.clear()
  await rig.until(() => rig.controller.state.kind === 'ready')
  expect(rig.controller.state).toMatchObject({ link: 'http://localhost:3001' })
})

test('a held start is told once, and goes on when nothing holds it', async () => {
  const rig = new RunRig()
  rig.hold = { kind: 'dependency', on: ['db'], text: 'waits for db to be ready', since: 0 }
  await rig.started('waiting')
  rig.controller.reconsider()
  rig.controller.reconsider()
  rig.hold = null
  rig.controller.reconsider()
  await rig.until(() => rig.controller.state.kind === 'ready')
  expect(rig.story).toEqual(['held', 'starting', 'ready'])
})

test('a stop runs the stop command, then asks, with the grace of the configuration', async () => {
  const rig = new RunRig({
    stop: { signal: 'SIGINT', graceMs: 700, command: { kind: 'exec', argv: ['halt'] } },
  })
  await rig.started()
  await rig.controller.stop('manual')
  expect(rig.stopCommands).toBe(1)
  expect(rig.fake.last.asked).toEqual(['SIGINT 700'])
  expect(rig.controller.tally).toEqual({ stopped: 1, forced: 0 })
})

test('force cuts the grace of a stop that is under way', async () => {
  const rig = new RunRig()
  rig.fake.obedient = false
  await rig.started()
  const stopped = rig.controller.stop('session-end')
  await rig.until(() => rig.controller.state.kind === 'stopping')
  rig.controller.force()
  await stopped
  expect(rig.fake.last.asked).toEqual(['SIGTERM 5000', 'SIGKILL 0'])
  expect(rig.controller.tally).toEqual({ stopped: 1, forced: 1 })
  expect(rig.recorded.size).toBe(0)
})

test('a program that cannot be started is crashed and waits for a change', async () => {
  const rig = new RunRig()
  rig.fake.failure = 'spawn nowhere ENOENT'
  await rig.started('crashed')
  expect(rig.story).toEqual(['spawn-failed'])
  rig.controller.ensure(null)
  await rig.until(() => rig.controller.state.kind === 'ready')
})

test('a program that is still being written is started when it is not, and counts as no crash', async () => {
  const rig = new RunRig({ restart: { ...fast, on: 'never' } })
  rig.readiness = null
  await rig.started('starting')
  await rig.until(() => rig.fake.children.length === 1)
  rig.fake.last.print('gate: 1: exec: ./api: Text file busy', 'stderr')
  rig.fake.last.end({ kind: 'code', code: 126 })
  await vi.waitFor(() => expect(rig.fake.children).toHaveLength(2), { timeout: 20_000 })
  expect(rig.story).not.toContain('crashed')
  await rig.controller.stop('manual')
})

test('a run that is debugged has an inspector, and nobody hurries it', async () => {
  const rig = new RunRig({ debug: true, command: { kind: 'exec', argv: ['node', 'server.js'] } })
  await rig.started()
  expect(rig.fake.last.request.command).toEqual({
    kind: 'exec',
    argv: ['node', '--inspect=127.0.0.1:0', 'server.js'],
  })
  rig.fake.last.print('Debugger listening on ws://127.0.0.1:4000/abc', 'stderr')
  expect(rig.controller.inspector).toBe('ws://127.0.0.1:4000/abc')
  await rig.controller.stop('manual')
  expect(rig.fake.last.asked).toEqual([`SIGTERM ${2 ** 31 - 1}`])
})
