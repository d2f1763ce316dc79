import { closeSync, openSync, readSync } from 'node:fs'

const FILES = ['/proc/net/sockstat', '/proc/net/sockstat6'] as const

/** Several times what the kernel writes into one of them. */
const buffer = Buffer.allocUnsafe(4096)

/**
 * How many TCP sockets listen or are connected on this machine, in the kernel's own words. It counts
 * them, so that to ask costs hardly anything: next to opening the files, which stay open.
 */
export class TcpCounters implements Disposable {
  #files: readonly number[] | null = null

  /** What differs once a socket was opened or closed; `null` where the kernel does not tell. */
  read(): string | null {
    try {
      this.#files ??= FILES.map(open).filter((file) => file !== null)
      const counts = this.#files.map(inUse).filter((count) => count !== null)
      return counts.length === 0 ? null : counts.join(' ')
    } catch {
      return null
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#files ?? []) closeSync(file)
    this.#files = []
  }
}

function open(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch {
    return null // No IPv6 in the kernel.
  }
}

function inUse(file: number): string | null {
  // Read from its beginning, the kernel writes it anew.
  const bytes = readSync(file, buffer, 0, buffer.length, 0)
  return /^TCP6?: inuse (\d+)/m.exec(buffer.toString('latin1', 0, bytes))?.[1] ?? null
}
