import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

import type { Identity } from '../names/baton-name.ts'

/** The parts of `where`, from the coarse to the fine; four hex digits each. */
export interface Place {
  readonly host: string
  readonly boot: string
  readonly namespace: string
}

/**
 * Who this process is. `where` is three hashes of four digits, host, boot and pid namespace, so that
 * a reader can tell a rebooted machine from another container on the same kernel: in the first the
 * old holder is dead, in the second it may only be paused.
 */
export function ownIdentity(): Identity {
  const place = process.platform === 'linux' ? linuxPlace() : portablePlace()
  return {
    where: `${digits(place.host)}${digits(place.boot)}${digits(place.namespace)}`,
    pid: process.pid,
    start: process.platform === 'linux' ? linuxStart() : portableStart(),
  }
}

/** Splits `where` into its hashes. */
export function placeOf(where: string): Place {
  return { host: where.slice(0, 4), boot: where.slice(4, 8), namespace: where.slice(8, 12) }
}

function linuxPlace(): Place {
  const machine = readOr('/etc/machine-id') || readOr('/var/lib/dbus/machine-id')
  return {
    host: `${hostname()}|${machine}`,
    boot: readOr('/proc/sys/kernel/random/boot_id'),
    namespace: linkOr('/proc/self/ns/pid'),
  }
}

// No boot id without a child process: a reboot is then seen by start times, which differ.
function portablePlace(): Place {
  return { host: hostname(), boot: process.platform, namespace: '' }
}

function linuxStart(): string {
  const text = readFileSync('/proc/self/stat', 'latin1')
  const start = text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  if (start === undefined) throw new Error('/proc/self/stat has no start time')
  return start
}

function portableStart(): string {
  return String(Math.round(performance.timeOrigin / 1000))
}

function digits(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 4)
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

function linkOr(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
