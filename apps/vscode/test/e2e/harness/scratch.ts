import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import path from 'node:path'

import { allProcesses, commandLine, isAlive } from './processes.ts'

/** The longest name that the editor gives to a socket, with the slash before it. */
const SOCKET_NAME_BYTES = 56
/** What Linux takes as the path of a socket. */
const SOCKET_PATH_BYTES = 107
/** Killed processes are gone long before. */
const GONE_AFTER_MS = 5_000

/**
 * A directory of this run alone for everything that programs leave behind: workspaces, sockets, the
 * profile of the browser, caches and crash reports. Every program that is started from here on
 * inherits it in its environment, which marks the program as one of ours. When this process ends, also
 * by an error or a signal, whatever is left of them is killed and the directory removed.
 */
export class Scratch {
  readonly directory: string

  private constructor(directory: string) {
    this.directory = directory
  }

  /** Makes the directory and takes it into the environment of this process. */
  static create(): Scratch {
    const directory = mkdtempSync(path.join(temporary(), 'singletrack-vscode-'))
    for (const [variable, name] of Object.entries({
      TMPDIR: '',
      XDG_RUNTIME_DIR: '',
      XDG_CACHE_HOME: 'cache',
      XDG_CONFIG_HOME: 'config',
      XDG_DATA_HOME: 'data',
      XDG_STATE_HOME: 'state',
    })) {
      const place = path.join(directory, name)
      mkdirSync(place, { recursive: true, mode: 0o700 })
      process.env[variable] = place
    }
    const scratch = new Scratch(directory)
    process.once('exit', () => scratch.#remove())
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => process.exit(128 + constants.signals[signal]))
    }
    return scratch
  }

  /** The processes that inherited the directory, each with its command line. */
  processes(): ReadonlyMap<number, string> {
    const ours = allProcesses().filter((pid) => isAlive(pid) && this.#isMarked(pid))
    return new Map(ours.map((pid) => [pid, commandLine(pid).replaceAll('\0', ' ').trim()]))
  }

  /** In one go: a process that ends waits for nothing. */
  #remove(): void {
    const end = Date.now() + GONE_AFTER_MS
    for (let left = this.processes(); left.size > 0; left = this.processes()) {
      for (const pid of left.keys()) kill(pid)
      if (Date.now() > end) break
      pause(20)
    }
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 })
  }

  #isMarked(pid: number): boolean {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8')
        .split('\0')
        .includes(`TMPDIR=${this.directory}`)
    } catch {
      // It has gone, or belongs to somebody else.
      return false
    }
  }
}

/** Where temporary files go on this machine; `/tmp` where that is too deep for sockets. */
function temporary(): string {
  const usual = realpathSync(tmpdir())
  const deepest =
    Buffer.byteLength(path.join(usual, 'singletrack-vscode-XXXXXX')) + SOCKET_NAME_BYTES
  return deepest > SOCKET_PATH_BYTES ? '/tmp' : usual
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has gone by itself.
  }
}

/** Waits without giving anything else a turn: this process is ending. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
