import { join } from 'node:path'

import { livingClaims, placeClaim, removeClaim } from '../acquire/ticket.ts'
import { isObject, parseLine, readString } from '../disk/record.ts'
import type { Site } from '../disk/site.ts'
import { systemCode } from '../errors.ts'
import { claimName } from '../names/claim-name.ts'
import type { System } from '../system/system.ts'

/** A request to a session: "build this, if it is not built". */
export interface Want {
  /** Names the request. */
  readonly nonce: string
  readonly pid: number
  readonly key: string | null
}

/** Puts a request before the session. Null where that is impossible (full disk). */
export function placeWant(
  system: System,
  site: Site,
  key: string,
): { readonly name: string; readonly nonce: string } | null {
  const nonce = system.nonce()
  const name = claimName(system.clock.ticks(), system.identity, nonce)
  const text = `${JSON.stringify({ v: 1, key })}\n`
  return placeClaim(system, site.wantDirectory, name, text) ? { name, nonce } : null
}

/** Takes a request and its acknowledgement back. */
export function removeWant(system: System, site: Site, name: string, nonce: string): void {
  removeClaim(system, site.wantDirectory, name)
  removeClaim(system, site.wantDirectory, ackName(nonce))
}

/** The requests of living processes for this key, in their order. */
export function readWants(system: System, site: Site, key: string | null): Want[] {
  return livingClaims(system, site.wantDirectory).flatMap(({ text, nonce, pid }) => {
    const content = system.files.readText(join(site.wantDirectory, text))
    const value = content === null ? null : parseLine(content)
    if (!isObject(value)) return []
    const wanted = readString(value['key'])
    return wanted === key ? [{ nonce, pid, key: wanted }] : []
  })
}

/** Tells whoever asked that an answer will come. */
export function acknowledge(system: System, site: Site, want: Want): void {
  placeClaim(system, site.wantDirectory, ackName(want.nonce), '')
}

/** Whether the session has seen the request. */
export function isAcknowledged(system: System, site: Site, nonce: string): boolean {
  return system.files.lstat(join(site.wantDirectory, ackName(nonce))) !== null
}

/** Makes the directory of requests, and removes what earlier sessions left in it. */
export function openWants(system: System, site: Site): void {
  const { files } = system
  try {
    files.mkdir(site.wantDirectory, 0o700)
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error
  }
  const living = new Set(
    livingClaims(system, site.wantDirectory).map(({ nonce }) => ackName(nonce)),
  )
  for (const name of files.readdir(site.wantDirectory)) {
    if (name.endsWith('.ack') && !living.has(name)) removeClaim(system, site.wantDirectory, name)
  }
}

function ackName(nonce: string): string {
  return `${nonce}.ack`
}
