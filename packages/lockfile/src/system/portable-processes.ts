import { spawnSync } from 'node:child_process'

import { systemCode } from '../errors.ts'
import type { ProcessFacts, ProcessTable } from './process-table.ts'

/**
 * macOS and Windows: signal 0 for existence, `ps` or PowerShell for the start time, asked at most
 * once every `START_TTL_MS` for a pid because each answer costs a process. Untested: the project's
 * machines run Linux.
 */
export const portableProcesses: ProcessTable = {
  probe: (pid) => {
    try {
      process.kill(pid, 0)
    } catch (error) {
      if (systemCode(error) === 'ESRCH') return { kind: 'gone' }
    }
    return factsOf(pid)
  },
  // Without /proc a stranger cannot be told from a member, so nobody is waited for or signalled.
  members: () => [],
  signal: (pid, signal) => {
    process.kill(pid, signal)
  },
  ownGroup: () => null,
}

const START_TTL_MS = 5_000
const START_TIMEOUT_MS = 2_000
const START_CACHE_MAX = 256

interface CachedFacts {
  readonly at: number
  readonly facts: ProcessFacts
}

const cache = new Map<number, CachedFacts>()

function factsOf(pid: number): ProcessFacts {
  const at = performance.now()
  const cached = cache.get(pid)
  if (cached !== undefined && at - cached.at < START_TTL_MS) return cached.facts
  if (cache.size >= START_CACHE_MAX) cache.clear()
  const facts = process.platform === 'win32' ? windowsFacts(pid) : posixFacts(pid)
  cache.set(pid, { at, facts })
  return facts
}

function posixFacts(pid: number): ProcessFacts {
  const line = output('ps', ['-o', 'stat=,uid=,ppid=,lstart=', '-p', String(pid)])
  const match = /^\s*(\S)\S*\s+(\d+)\s+(\d+)\s+(.+?)\s*$/.exec(line)
  const seconds = Math.round(Date.parse(match?.[4] ?? '') / 1000)
  return {
    kind: 'present',
    start: Number.isNaN(seconds) ? null : String(seconds),
    state: match?.[1] ?? null,
    // ps cannot tell a zombie leader with threads from a dead one, so a zombie counts as alive
    // until its parent reaps it.
    threads: null,
    traced: false,
    uid: match?.[2] === undefined ? null : Number(match[2]),
    parent: match?.[3] === undefined ? null : Number(match[3]),
  }
}

function windowsFacts(pid: number): ProcessFacts {
  const script = `[DateTimeOffset]::new((Get-Process -Id ${pid}).StartTime).ToUnixTimeSeconds()`
  const line = output('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script])
  const start = /^\s*(\d+)\s*$/.exec(line)?.[1] ?? null
  return {
    kind: 'present',
    start,
    state: null,
    threads: null,
    traced: false,
    uid: null,
    parent: null,
  }
}

function output(command: string, args: readonly string[]): string {
  const { stdout, status } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: START_TIMEOUT_MS,
    windowsHide: true,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return status === 0 ? stdout : ''
}
