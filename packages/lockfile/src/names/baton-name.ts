import { formatGeneration, parseGeneration } from './generation.ts'
import type { BatonStatus } from './status.ts'
import { isBatonStatus } from './status.ts'

/** Who holds a baton: enough to tell whether that process still lives, without reading any file. */
export interface Identity {
  /** Machine, boot and process namespace; see `identity.ts`. Twelve hex digits. */
  readonly where: string
  readonly pid: number
  /** The process's start time in the unit of its system; a recycled pid has another one. */
  readonly start: string
}

/** The free baton: nobody builds, and how the last build ended. */
export interface FreeBaton {
  readonly state: 'free'
  readonly text: string
  readonly gen: bigint
  readonly status: BatonStatus
  readonly nonce: string
}

/** The held baton: its holder is part of its name. */
export interface HeldBaton extends Identity {
  readonly state: 'held'
  readonly text: string
  readonly gen: bigint
  readonly nonce: string
}

/** The one entry of a lock directory, whose name is the whole state of the lock. */
export type Baton = FreeBaton | HeldBaton

/** What a directory entry is to the protocol. */
export type Entry =
  | { readonly kind: 'baton'; readonly baton: Baton }
  | { readonly kind: 'newer-protocol' }
  | { readonly kind: 'junk' }

const FREE = /^f\.([0-9a-z]{13})\.([0-9a-z]{1,12})\.([0-9a-f]{16})$/
const HELD = /^h\.([0-9a-z]{13})\.([0-9a-f]{12})\.([1-9][0-9]{0,9})\.([0-9]{1,20})\.([0-9a-f]{16})$/
const NEWER = /^[a-eg-z]\.[0-9a-z]{13}\./

/** The largest pid of any system; above it a name is junk. */
export const PID_MAX: number = 2 ** 31 - 1

/** Reads a directory entry's name. Total: any text has an answer. */
export function parseEntry(text: string): Entry {
  const free = FREE.exec(text)
  if (free !== null) {
    const [, gen = '', status = '', nonce = ''] = free
    if (!isBatonStatus(status)) return { kind: 'junk' }
    return {
      kind: 'baton',
      baton: { state: 'free', text, gen: parseGeneration(gen), status, nonce },
    }
  }
  const held = HELD.exec(text)
  if (held !== null) {
    const [, gen = '', where = '', pidText = '', start = '', nonce = ''] = held
    const pid = Number(pidText)
    if (pid > PID_MAX) return { kind: 'junk' }
    return {
      kind: 'baton',
      baton: { state: 'held', text, gen: parseGeneration(gen), where, pid, start, nonce },
    }
  }
  // Malformed `f.` and `h.` names are junk, not a newer protocol: those two letters are version 1
  // for ever.
  return { kind: !text.startsWith('h.') && NEWER.test(text) ? 'newer-protocol' : 'junk' }
}

/** The name of the free baton. */
export function freeName(gen: bigint, status: BatonStatus, nonce: string): string {
  return `f.${formatGeneration(gen)}.${status}.${nonce}`
}

/** The name of the baton in somebody's hands. */
export function heldName(gen: bigint, identity: Identity, nonce: string): string {
  const { where, pid, start } = identity
  return `h.${formatGeneration(gen)}.${where}.${pid}.${start}.${nonce}`
}
