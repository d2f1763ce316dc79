import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'

import { expect, onTestFinished, vi } from 'vitest'

import type { Readiness } from '../../src/configuration/workspace.ts'
import type { PortListener, ProcessTable } from '../../src/processes/index.ts'
import type { Clock } from '../../src/readiness/index.ts'
import { waitUntilReady, type WaitUntilReadyOptions } from '../../src/readiness/index.ts'

export const timeoutMs = 30_000
export const deadline = { timeout: 20_000, interval: 10 }

/** Lines of a run that the test prints. */
export class Lines {
  readonly #listeners = new Set<(line: string) => void>()

  readonly #before: readonly string[]

  constructor(before: readonly string[] = []) {
    this.#before = before
  }

  readonly subscribe = (listener: (line: string) => void): (() => void) => {
    for (const line of this.#before) listener(line)
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  print(line: string): void {
    for (const listener of this.#listeners) listener(line)
  }

  get subscribers(): number {
    return this.#listeners.size
  }
}

/** A clock on which the deadline passes when the test says so; pauses take no time. */
export class ManualClock implements Clock {
  readonly pauses: number[] = []
  #now = 0
  #expire: (() => void) | null = null

  now(): number {
    return this.#now
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (ms !== timeoutMs) {
      this.pauses.push(ms)
      this.#now += ms
    }
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      if (ms === timeoutMs) this.#expire = resolve
      else setImmediate(resolve)
    })
  }

  expire(): void {
    this.#expire?.()
  }
}

/** A system whose only listener, if any, is the one given. */
export function tableOf(
  listener: PortListener | null,
  changes: Partial<ProcessTable> = {},
): ProcessTable {
  return {
    knowsListeners: true,
    identity: () => null,
    isAlive: () => true,
    groupMembers: () => [100],
    environmentMark: () => null,
    findMarked: () => [],
    describe: () => '',
    listeners: async () => (listener === null ? [] : [listener]),
    isPortFree: async () => listener === null,
    openFiles: () => null,
    isListening: () => false,
    lockHolders: () => [],
    ...changes,
  }
}

export const ours: PortListener = { pid: 101, pgid: 100, command: 'node server.js' }
export const stranger: PortListener = { pid: 7, pgid: 7, command: 'python old.py' }

export function options(
  readiness: Readiness,
  changes: Partial<WaitUntilReadyOptions> = {},
): WaitUntilReadyOptions {
  return {
    readiness,
    pgid: 100,
    lines: new Lines().subscribe,
    signal: new AbortController().signal,
    cwd: tmpdir(),
    env: process.env,
    ...changes,
  }
}

/** Waits with a clock whose deadline passes once the check has looked a few times; tells what it said. */
export async function waitInVain(
  readiness: Readiness,
  changes: Partial<WaitUntilReadyOptions> = {},
): Promise<string> {
  const clock = new ManualClock()
  const waiting = waitUntilReady(options(readiness, { clock, ...changes }))
  await vi.waitFor(() => expect(clock.now()).toBeGreaterThan(1_000), deadline)
  clock.expire()
  const result = await waiting
  if (result.kind !== 'timed-out') throw new Error(`expected no readiness, got ${result.kind}`)
  return result.detail
}

/** Listens until the test is over; returns the port. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
