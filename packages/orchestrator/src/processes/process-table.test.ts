import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, onTestFinished, test, vi } from 'vitest'

import { ProcTable } from './proc-table.ts'
import type { ProcessTable } from './process-table.ts'
import { PsTable } from './ps-table.ts'

interface Program {
  readonly pid: number
  readonly child: ChildProcess
  /** What it printed first. */
  readonly said: string
}

/** A program in a group of its own that calls `say` once it is up, and then waits. */
async function startProgram(
  code: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const whole = `const say = (text) => console.log(text); setInterval(() => {}, 1e6); ${code}`
  const child = spawn(process.execPath, ['-e', whole], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const { pid } = child
  if (pid === undefined) throw new Error('no process')
  onTestFinished(() => endGroup(pid))
  const [said]: unknown[] = await once(child.stdout, 'data')
  return { pid, child, said: String(said).trim() }
}

function endGroup(pgid: number | undefined): void {
  try {
    if (pgid !== undefined) process.kill(-pgid, 'SIGKILL')
  } catch {
    // It is gone.
  }
}

const deadline = { timeout: 20_000, interval: 10 }

const tables: readonly (readonly [string, () => ProcessTable, boolean])[] = [
  ['/proc', () => new ProcTable(), process.platform === 'linux'],
  // On Linux too: what its ps shares with that of macOS and the BSDs.
  ['ps', () => new PsTable(), process.platform !== 'win32' && hasPs()],
]

function hasPs(): boolean {
  try {
    execFileSync('ps', ['-p', '1'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe.for(tables.filter(([, , runs]) => runs))('through %s', ([, create]) => {
  const table = create()

  test('a process has an identity while it lives, and is not alive after', async () => {
    const { pid, child } = await startProgram('say()')
    const identity = table.identity(pid)
    if (identity === null) throw new Error('no identity')
    expect(identity.pid).toBe(pid)
    expect(table.identity(pid)).toEqual(identity)
    expect(table.isAlive(identity)).toBe(true)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(table.isAlive(identity)).toBe(false)
    expect(table.identity(pid)).toBeNull()
  })

  test('another process under the same number is not taken for it', async () => {
    const { pid } = await startProgram('say()')
    expect(table.isAlive({ pid, startTime: 'another' })).toBe(false)
  })

  test('a group has its members, also those whose leader has died', async () => {
    const { pid, child } = await startProgram(
      `require('node:child_process').spawn('sleep', ['1000']).on('spawn', say)`,
    )
    await vi.waitFor(() => expect(table.groupMembers(pid)).toHaveLength(2), deadline)
    expect(table.groupMembers(pid)).toContain(pid)
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(table.groupMembers(pid)).toHaveLength(1)
    expect(table.groupMembers(pid)).not.toContain(pid)
  })

  test('a zombie is no member of its group', async () => {
    // The shell is stopped, so it does not collect its child.
    const { said } = await startProgram(
      `const sh = require('node:child_process').spawn('sh', ['-c', 'sleep 0.01 & kill -STOP $$'], { detached: true });
       sh.on('spawn', () => say(sh.pid))`,
    )
    const parent = Number(said)
    onTestFinished(() => endGroup(parent))
    const zombie = new RegExp(`^\\s*${parent}\\s+Z`, 'm')
    await vi.waitFor(() => expect(groupsAndStates()).toMatch(zombie), deadline)
    await vi.waitFor(() => expect(table.groupMembers(parent)).toEqual([parent]), deadline)
  })

  test('a command line is told without what would disturb a terminal', async () => {
    const { pid } = await startProgram('say(); /*\u001b[31m*/')
    expect(table.describe(pid)).toContain('node')
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(table.describe(pid)).not.toMatch(/[\u0000-\u001f]/)
    expect(table.describe(2 ** 22 + 1)).toBe('')
  })

  test.for(['127.0.0.1', '::1', '0.0.0.0', '::'])('a port on %s has its listener', async (host) => {
    const { pid, child, said } = await startProgram(
      `require('node:net').createServer().listen(0, '${host}', function () { say(this.address().port) })`,
    )
    const port = Number(said)
    expect(await table.isPortFree(port)).toBe(false)
    const [listener, ...others] = await table.listeners(port)
    expect(others).toEqual([])
    expect(listener).toMatchObject({ pid, pgid: pid, command: expect.stringContaining('node') })
    child.kill('SIGKILL')
    await once(child, 'exit')
    await vi.waitFor(async () => expect(await table.isPortFree(port)).toBe(true), deadline)
    expect(await table.listeners(port)).toEqual([])
  })

  test('a socket that a descendant opened to listen is found among those of its group', async () => {
    const server = `require('node:net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })`
    const { pid, said } = await startProgram(
      `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(server)}], { stdio: 'inherit' })`,
    )
    const port = Number(said)
    using files = table.openFiles(pid)
    // Where the system does not tell there is no need to.
    if (files === null) return
    expect(files.hasChanged()).toBe(true)
    const sockets = files.sockets() ?? new Set()
    expect(table.isListening(sockets, port)).toBe(true)
    expect(table.isListening(sockets, port + 1)).toBe(false)
    expect(table.isListening(new Set(), port)).toBe(false)
  })

  test('a connection that lingers does not keep a port', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    expect(await table.isPortFree(address.port)).toBe(false)
    server.close()
    await once(server, 'close')
    expect(await table.isPortFree(address.port)).toBe(true)
  })
})

function groupsAndStates(): string {
  return execFileSync('ps', ['-A', '-o', 'pgid=,stat=']).toString()
}

function lockFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'singletrack-locks-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, '.cargo-lock')
  closeSync(openSync(path, 'w'))
  return path
}

// Where marks and locks are read from is Linux's own.
describe.runIf(process.platform === 'linux')('marks, which only /proc shows', () => {
  const table = new ProcTable()

  test('marked processes are found wherever they went', async () => {
    const { pid } = await startProgram(
      `require('node:child_process').spawn('sleep', ['1000'], { detached: true }).on('spawn', say)`,
      { SINGLETRACK_JOB: 'nonce-a' },
    )
    await startProgram('say()', { SINGLETRACK_JOB: 'nonce-b' })
    expect(table.environmentMark(pid, 'SINGLETRACK_JOB')).toBe('nonce-a')
    expect(table.environmentMark(pid, 'SINGLETRACK')).toBeNull()
    const found = await vi.waitFor(() => {
      const marked = table.findMarked(new Set(['nonce-a', 'nonce-c']))
      expect(marked).toHaveLength(2)
      return marked
    }, deadline)
    onTestFinished(() => {
      for (const each of found) endGroup(each.pgid)
    })
    expect(found.map(({ pgid, pid: own }) => pgid === own)).toEqual([true, true])
    expect(found.find((each) => each.pid === pid)).toEqual({
      ...table.identity(pid),
      pgid: pid,
      nonce: 'nonce-a',
    })
    expect(table.findMarked(new Set())).toEqual([])
  })
})

describe.runIf(process.platform === 'linux')('locks, which only /proc shows', () => {
  const table = new ProcTable()

  test('who holds a lock on a file is named, who waits for it is not', async () => {
    const path = lockFile()
    expect(table.lockHolders(path)).toEqual([])
    const holder = spawn('sh', ['-c', `exec flock '${path}' sleep 1000`], { detached: true })
    onTestFinished(() => endGroup(holder.pid))
    const [held] = await vi.waitFor(() => {
      const found = table.lockHolders(path)
      expect(found).toHaveLength(1)
      return found
    }, deadline)
    expect(held).toMatchObject({ pid: holder.pid, command: expect.stringContaining('flock') })
    expect(Math.abs((held?.since ?? 0) - Date.now())).toBeLessThan(3_600_000)
    const waiter = spawn('sh', ['-c', `exec flock '${path}' true`])
    onTestFinished(() => void waiter.kill('SIGKILL'))
    await once(waiter, 'spawn')
    expect(table.lockHolders(path).map(({ pid }) => pid)).toEqual([holder.pid])
  })

  test('a lock that outlives who took it is its heir’s', async () => {
    const path = lockFile()
    // flock(1) takes the lock on a descriptor of the shell, and ends: the shell has it on.
    const shell = spawn('sh', ['-c', `exec 9>"${path}"; flock 9; echo up; read line`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    onTestFinished(() => void shell.kill('SIGKILL'))
    await once(shell.stdout, 'data')
    expect(table.lockHolders(path).map(({ pid }) => pid)).toEqual([shell.pid])
  })

  test('a file that is not there has no holders', () => {
    expect(table.lockHolders('/nowhere/at/all')).toEqual([])
  })
})
