import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'

import { describe, expect, onTestFinished, test } from 'vitest'

import {
  listen,
  ManualClock,
  options,
  ours,
  stranger,
  tableOf,
  timeoutMs,
  waitInVain,
} from '../../test/support/readiness-rig.ts'
import type { Readiness } from '../configuration/workspace.ts'
import type { OpenFiles } from '../processes/index.ts'
import { waitUntilReady } from './wait-until-ready.ts'

const linux = process.platform === 'linux'

describe('port', () => {
  const readiness: Readiness = { kind: 'port', port: 3001, timeoutMs }

  test('is ready once the run listens', async () => {
    const table = tableOf(ours)
    expect(await waitUntilReady(options(readiness, { table }))).toMatchObject({ kind: 'ready' })
  })

  test('looks often at first and four times a second in the end', async () => {
    let looks = 0
    const isPortFree = async (): Promise<boolean> => {
      looks += 1
      return looks < 9
    }
    const clock = new ManualClock()
    const table = tableOf(ours, { isPortFree })
    const result = await waitUntilReady(options(readiness, { table, clock }))
    expect(clock.pauses).toEqual([10, 20, 40, 80, 160, 250, 250, 250])
    expect(result).toEqual({ kind: 'ready', afterMs: 1_060 })
  })

  test('while the run opens no socket, who listens is looked up four times a second', async () => {
    const clock = new ManualClock()
    const lookups: number[] = []
    const isPortFree = async (): Promise<boolean> => {
      lookups.push(clock.now())
      return lookups.length < 4
    }
    const table = tableOf(ours, { isPortFree, openFiles: () => filesOf(() => []) })
    const result = await waitUntilReady(options(readiness, { table, clock }))
    expect(result).toMatchObject({ kind: 'ready' })
    const gaps = lookups.map((at, index) => at - (lookups[index - 1] ?? 0))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250)
    expect(Math.max(...gaps)).toBeLessThan(600)
  })

  test('a socket that the run opens is looked at within a twentieth of the time', async () => {
    const clock = new ManualClock()
    const opensAtMs = 203
    const files = filesOf(() => (clock.now() < opensAtMs ? ['1'] : ['1', '2']))
    const table = tableOf(null, {
      openFiles: () => files,
      isListening: (sockets) => sockets.has('2'),
    })
    const result = await waitUntilReady(options(readiness, { table, clock }))
    if (result.kind !== 'ready') throw new Error(result.kind)
    expect(result.afterMs).toBeLessThan(opensAtMs * 1.06)
  })

  test('says that nothing listens', async () => {
    expect(await waitInVain(readiness, { table: tableOf(null) })).toBe(
      'nothing listens on port 3001 (waited 30 s)',
    )
  })

  test('a listener of another program does not make the run look ready', async () => {
    expect(await waitInVain(readiness, { table: tableOf(stranger) })).toBe(
      'port 3001 is taken by process 7 (python old.py), which is not of this run (waited 30 s)',
    )
  })

  test.for([
    [
      'forwards it to a container',
      { pid: 8, pgid: 8, command: '/usr/bin/docker-proxy -proto tcp' },
    ],
    ['is another user’s and cannot be looked at', { pid: null, pgid: null, command: '' }],
  ] as const)('a listener counts that %s', async ([, listener]) => {
    const table = tableOf(listener)
    expect(await waitUntilReady(options(readiness, { table }))).toMatchObject({ kind: 'ready' })
  })

  test('where the system does not tell who listens, the group must be alive', async () => {
    const alive = tableOf(stranger, { knowsListeners: false })
    expect(await waitUntilReady(options(readiness, { table: alive }))).toMatchObject({
      kind: 'ready',
    })
    const dead = tableOf(stranger, { knowsListeners: false, groupMembers: () => [] })
    expect(await waitInVain(readiness, { table: dead })).toContain('but the run is gone')
  })

  test.runIf(linux)(
    'on Linux, a real run is ready when it listens, its grandchild too',
    async () => {
      const port = await freePort()
      const server = `require('node:net').createServer().listen(${port}, '127.0.0.1')`
      const child = startProgram(
        `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(server)}])`,
      )
      const result = await waitUntilReady(
        options({ kind: 'port', port, timeoutMs }, { pgid: child.pid ?? 0 }),
      )
      expect(result).toMatchObject({ kind: 'ready' })
    },
  )

  test.runIf(linux)('on Linux, a real stranger on the port does not count', async () => {
    const server = createServer()
    const port = await listen(server)
    const child = startProgram('')
    const detail = await waitInVain({ kind: 'port', port, timeoutMs }, { pgid: child.pid ?? 0 })
    expect(detail).toContain(`port ${port} is taken by process ${process.pid} (`)
  })
})

/** What a run has open, as the test says. */
function filesOf(sockets: () => readonly string[]): OpenFiles {
  let last = ''
  return {
    hasChanged: () => {
      const now = sockets().join(' ')
      const changed = now !== last
      last = now
      return changed
    },
    sockets: () => new Set(sockets()),
    [Symbol.dispose]: () => undefined,
  }
}

function startProgram(code: string): ChildProcess {
  const child = spawn(process.execPath, ['-e', `${code}; setInterval(() => {}, 1e6)`], {
    detached: true,
    stdio: 'ignore',
  })
  const { pid } = child
  if (pid === undefined) throw new Error('no process')
  onTestFinished(() => void process.kill(-pid, 'SIGKILL'))
  return child
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
