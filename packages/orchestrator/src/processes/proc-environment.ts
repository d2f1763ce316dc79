import { closeSync, existsSync, openSync, readSync } from 'node:fs'

/**
 * Larger than nearly all environments. One buffer for all: hundreds of processes are looked at each
 * time a run has ended, and what is read is searched before the next one is.
 */
let buffer = Buffer.allocUnsafe(64 * 1024)

/**
 * The value of a variable in the environment that a process was started with; `null` when it has
 * none, is gone or is not ours to look at.
 */
export function readVariable(pid: number, name: string): string | null {
  const bytes = readEnvironment(pid)
  if (bytes === null) return null
  const start = Buffer.from(`${name}=`)
  for (let at = bytes.indexOf(start); at !== -1; at = bytes.indexOf(start, at + 1)) {
    if (at > 0 && bytes[at - 1] !== 0) continue
    const end = bytes.indexOf(0, at)
    return bytes.toString('utf8', at + start.length, end === -1 ? bytes.length : end)
  }
  return null
}

function readEnvironment(pid: number): Buffer | null {
  // Threads of the kernel, what is dead and what is another user's have no program that we may see.
  // To be refused costs ten times as much as to ask, and on most machines they are the majority.
  if (!existsSync(`/proc/${pid}/exe`)) return null
  let file: number
  try {
    file = openSync(`/proc/${pid}/environ`, 'r')
  } catch {
    return null
  }
  try {
    let length = 0
    for (;;) {
      if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.alloc(length)])
      const room = buffer.length - length
      const bytes = readSync(file, buffer, length, room, null)
      length += bytes
      if (bytes < room) return buffer.subarray(0, length)
    }
  } catch {
    return null
  } finally {
    closeSync(file)
  }
}
