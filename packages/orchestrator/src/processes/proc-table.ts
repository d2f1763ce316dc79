import { statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

import { canConnect } from './can-connect.ts'
import { printableCommand } from './printable-command.ts'
import { socketsOf } from './proc-descriptors.ts'
import { readVariable } from './proc-environment.ts'
import { listProc, readProc } from './proc-file.ts'
import { listeningSockets } from './proc-listening.ts'
import { deviceNumbers, parseProcLocks } from './proc-locks.ts'
import { ProcOpenFiles } from './proc-open-files.ts'
import { type ProcStat, isRunning, parseProcStat } from './proc-stat.ts'
import {
  type LockHolder,
  type MarkedProcess,
  type OpenFiles,
  type PortListener,
  type ProcessIdentity,
  type ProcessTable,
  markVariable,
} from './process-table.ts'

// USER_HZ: a constant of the Linux ABI, whatever the kernel's own tick rate.
const ticksPerSecond = 100

/** The process table of Linux, read from `/proc`. */
export class ProcTable implements ProcessTable {
  readonly knowsListeners = true
  readonly #boot = readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? ''

  identity(pid: number): ProcessIdentity | null {
    const stat = readStat(pid)
    return stat === null ? null : this.#identify(stat)
  }

  isAlive(identity: ProcessIdentity): boolean {
    const stat = readStat(identity.pid)
    if (stat === null || !isRunning(stat)) return false
    return this.#identify(stat).startTime === identity.startTime
  }

  groupMembers(pgid: number): readonly number[] {
    return runningProcesses()
      .filter((stat) => stat.pgid === pgid)
      .map((stat) => stat.pid)
  }

  environmentMark(pid: number, name: string): string | null {
    return readVariable(pid, name)
  }

  findMarked(nonces: ReadonlySet<string>): readonly MarkedProcess[] {
    if (nonces.size === 0) return []
    const found: MarkedProcess[] = []
    for (const pid of processIds()) {
      if (pid === process.pid) continue
      // The environment first: it says no to nearly all, and a zombie has none.
      const nonce = this.environmentMark(pid, markVariable)
      if (nonce === null || !nonces.has(nonce)) continue
      const stat = readStat(pid)
      if (stat === null || !isRunning(stat)) continue
      found.push({ ...this.#identify(stat), pgid: stat.pgid, nonce })
    }
    return found
  }

  describe(pid: number): string {
    const words = (readProc(`/proc/${pid}/cmdline`) ?? '').split('\0')
    const command = printableCommand(words)
    if (command !== '') return command
    // A zombie and a kernel thread have no command line, but a name.
    const stat = readStat(pid)
    return stat === null ? '' : `[${printableCommand([stat.name])}]`
  }

  async listeners(port: number): Promise<readonly PortListener[]> {
    const inodes = listeningSockets(port)
    if (inodes === null || inodes.size === 0) return []
    const open = new Set(inodes)
    const found: PortListener[] = []
    for (const stat of runningProcesses()) {
      // A busy desktop has tens of thousands of descriptors: others get their turn in between.
      // oxlint-disable-next-line no-await-in-loop -- that pause is the point
      await setImmediate()
      const sockets = socketsOf(stat.pid).filter((inode) => inodes.has(inode))
      if (sockets.length === 0) continue
      for (const inode of sockets) open.delete(inode)
      found.push({ pid: stat.pid, pgid: stat.pgid, command: this.describe(stat.pid) })
    }
    if (open.size > 0) found.push({ pid: null, pgid: null, command: '' })
    return found
  }

  async isPortFree(port: number): Promise<boolean> {
    const inodes = listeningSockets(port)
    if (inodes !== null) return inodes.size === 0
    return !(await canConnect(port))
  }

  openFiles(pgid: number): OpenFiles {
    return new ProcOpenFiles(pgid)
  }

  isListening(sockets: ReadonlySet<string>, port: number): boolean {
    return sockets.size > 0 && [...(listeningSockets(port) ?? [])].some((one) => sockets.has(one))
  }

  lockHolders(path: string): readonly LockHolder[] {
    const file = statSync(path, { bigint: true, throwIfNoEntry: false })
    const locks = parseProcLocks(readProc('/proc/locks') ?? '')
    if (file === undefined) return []
    const pids = new Set<number>()
    for (const lock of locks.filter(({ inode }) => inode === file.ino)) {
      const { major, minor } = deviceNumbers(file.dev)
      const exact = lock.major === major && lock.minor === minor
      if (exact && lock.pid > 0 && readStat(lock.pid) !== null) {
        pids.add(lock.pid)
        continue
      }
      // The one who took it has handed it down, or the file system (overlay, btrfs) shows another
      // device number than stat(2): whoever has the file open is meant.
      for (const pid of openedBy(file.dev, file.ino)) pids.add(pid)
    }
    return [...pids].map((pid) => ({ pid, command: this.describe(pid), since: beganAt(pid) }))
  }

  #identify(stat: ProcStat): ProcessIdentity {
    return { pid: stat.pid, startTime: `${stat.startTicks}@${this.#boot}` }
  }
}

function readStat(pid: number): ProcStat | null {
  const text = readProc(`/proc/${pid}/stat`)
  return text === null ? null : parseProcStat(text)
}

function processIds(): readonly number[] {
  return listProc('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function runningProcesses(): readonly ProcStat[] {
  return processIds()
    .map(readStat)
    .filter((stat) => stat !== null)
    .filter(isRunning)
}

function openedBy(device: bigint, inode: bigint): readonly number[] {
  return processIds().filter((pid) =>
    listProc(`/proc/${pid}/fd`).some((descriptor) => {
      try {
        const file = statSync(`/proc/${pid}/fd/${descriptor}`, { bigint: true })
        return file.dev === device && file.ino === inode
      } catch {
        return false
      }
    }),
  )
}

function beganAt(pid: number): number | null {
  const stat = readStat(pid)
  const boot = /^btime (\d+)$/m.exec(readProc('/proc/stat') ?? '')?.[1]
  if (stat === null || boot === undefined) return null
  return (Number(boot) + stat.startTicks / ticksPerSecond) * 1000
}
