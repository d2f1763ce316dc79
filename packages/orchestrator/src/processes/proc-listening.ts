import { closeSync, openSync, readSync } from 'node:fs'

import { readProc } from './proc-file.ts'
import { isListeningLine, listeningInodes } from './proc-sockets.ts'

/**
 * About a line: the kernel hands out as many sockets as fit, and looks for one more. Behind those
 * that listen that search goes through the table of connections, which has a quarter of a million
 * buckets on a machine with 16 GB.
 */
const chunkBytes = 150

/** The inodes of the sockets that listen on a TCP port; `null` where the kernel does not tell. */
export function listeningSockets(port: number): ReadonlySet<string> | null {
  const v4 = readListening('/proc/net/tcp')
  // No IPv6 in the kernel: no file. And to find nobody takes a search of the whole table.
  const v6 = isWithoutV6() ? '' : readListening('/proc/net/tcp6')
  if (v4 === null && v6 === null) return null
  return new Set([...listeningInodes(v4 ?? '', port), ...listeningInodes(v6 ?? '', port)])
}

/** Whether the kernel counts no socket of IPv6 at all. */
function isWithoutV6(): boolean {
  return /^TCP6: inuse 0$/m.test(readProc('/proc/net/sockstat6') ?? '')
}

/**
 * The part of `/proc/net/tcp` or `tcp6` that lists who listens. It comes first; with the first
 * connection it is over. `null` for a file that cannot be read.
 */
export function readListening(path: string): string | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return null
  }
  try {
    return readUntilConnections(file)
  } catch {
    return null
  } finally {
    closeSync(file)
  }
}

function readUntilConnections(file: number): string {
  const chunk = Buffer.allocUnsafe(chunkBytes)
  let text = ''
  // The first line is a heading.
  let lineStart = -1
  for (;;) {
    const bytes = readSync(file, chunk, 0, chunkBytes, null)
    if (bytes === 0) return text
    text += chunk.toString('latin1', 0, bytes)
    for (let end = text.indexOf('\n', lineStart + 1); end !== -1;) {
      const isHeading = lineStart === -1
      if (!isHeading && !isListeningLine(text.slice(lineStart + 1, end)))
        return text.slice(0, lineStart + 1)
      lineStart = end
      end = text.indexOf('\n', lineStart + 1)
    }
  }
}
