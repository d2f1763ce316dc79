import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'

import { canConnect } from './can-connect.ts'
import { printableCommand } from './printable-command.ts'
import {
  type LockHolder,
  type MarkedProcess,
  type PortListener,
  type ProcessIdentity,
  type ProcessTable,
  markVariable,
} from './process-table.ts'

const columns = 'pid=,pgid=,stat=,lstart=,command='

interface PsRow {
  readonly pid: number
  readonly pgid: number
  readonly state: string
  readonly startTime: string
  readonly command: string
}

/**
 * The process table of other systems, through POSIX `ps` (and `lsof` for listeners).
 *
 * Untested on macOS and the BSDs: its parsing is tested, and what `ps` of Linux shares with them.
 * Where there is no `ps` (Windows) no process has an identity, so none is ever signaled on the word
 * of a file; a group counts as alive while its leader's number answers.
 */
export class PsTable implements ProcessTable {
  readonly knowsListeners = false

  identity(pid: number): ProcessIdentity | null {
    const row = rowOf(pid)
    return row === null ? null : { pid: row.pid, startTime: row.startTime }
  }

  isAlive(identity: ProcessIdentity): boolean {
    const row = rowOf(identity.pid)
    return row !== null && isRunning(row) && row.startTime === identity.startTime
  }

  groupMembers(pgid: number): readonly number[] {
    const rows = ps(['-A', '-o', columns])
    if (rows === null) return answers(pgid) ? [pgid] : []
    return rows.filter((row) => row.pgid === pgid && isRunning(row)).map((row) => row.pid)
  }

  environmentMark(pid: number, name: string): string | null {
    const row = ps([environmentFlag, '-ww', '-p', String(pid), '-o', columns])?.[0]
    return row === undefined ? null : markIn(row.command, name)
  }

  findMarked(nonces: ReadonlySet<string>): readonly MarkedProcess[] {
    if (nonces.size === 0) return []
    const found: MarkedProcess[] = []
    for (const row of ps(['-A', environmentFlag, '-ww', '-o', columns]) ?? []) {
      const nonce = markIn(row.command, markVariable)
      if (row.pid === process.pid || !isRunning(row) || nonce === null || !nonces.has(nonce)) {
        continue
      }
      found.push({ pid: row.pid, startTime: row.startTime, pgid: row.pgid, nonce })
    }
    return found
  }

  describe(pid: number): string {
    return printableCommand([rowOf(pid)?.command ?? ''])
  }

  async listeners(port: number): Promise<readonly PortListener[]> {
    if (await this.isPortFree(port)) return []
    const pids = await lsof(port)
    if (pids.length === 0) return [{ pid: null, pgid: null, command: '' }]
    return pids.map((pid) => {
      const row = rowOf(pid)
      return { pid, pgid: row?.pgid ?? null, command: printableCommand([row?.command ?? '']) }
    })
  }

  async isPortFree(port: number): Promise<boolean> {
    return !(await canConnect(port))
  }

  openFiles(_pgid: number): null {
    return null
  }

  isListening(): boolean {
    return false
  }

  lockHolders(_path: string): readonly LockHolder[] {
    return []
  }
}

// Shows the environment after the command: -E on macOS, -e on the other BSDs.
const environmentFlag = process.platform === 'darwin' ? '-E' : '-e'

/** One row of `ps -o pid=,pgid=,stat=,lstart=,command=`; `lstart` is five words in the C locale. */
export function parsePsRow(line: string): PsRow | null {
  const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s?(.*)$/s.exec(line)
  if (match === null) return null
  const [, pid = '', pgid = '', state = '', began = '', command = ''] = match
  const startTime = began.replaceAll(/\s+/g, ' ')
  return { pid: Number(pid), pgid: Number(pgid), state, startTime, command }
}

/** The value of a variable in a command line of `ps` that has the environment behind it. */
export function markIn(command: string, name: string): string | null {
  const words = command.split(' ')
  const start = `${name}=`
  // A program may have such a word among its arguments: the environment comes last.
  return words.findLast((word) => word.startsWith(start))?.slice(start.length) ?? null
}

function isRunning(row: PsRow): boolean {
  return !row.state.startsWith('Z')
}

function rowOf(pid: number): PsRow | null {
  return ps(['-ww', '-p', String(pid), '-o', columns])?.[0] ?? null
}

/** `null` where there is no `ps`; no rows when it finds no process (it then exits 1). */
function ps(args: readonly string[]): readonly PsRow[] | null {
  try {
    const text = execFileSync('ps', args, {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
      // Command lines with environments of every process on a busy machine.
      maxBuffer: 64 * 1024 * 1024,
    })
    return text
      .split('\n')
      .map(parsePsRow)
      .filter((row) => row !== null)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? null : []
  }
}

async function lsof(port: number): Promise<readonly number[]> {
  try {
    const { stdout } = await promisify(execFile)('lsof', [
      '-nP',
      `-iTCP:${port}`,
      '-sTCP:LISTEN',
      '-t',
    ])
    return stdout.split('\n').filter(Boolean).map(Number)
  } catch {
    return [] // Not installed, or nothing found.
  }
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
