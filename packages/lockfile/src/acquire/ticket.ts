import { join } from 'node:path'

import { plainText } from '../disk/plain-text.ts'
import { parseLine } from '../disk/record.ts'
import type { Site } from '../disk/site.ts'
import { systemCode } from '../errors.ts'
import { type Claim, claimName, parseClaim } from '../names/claim-name.ts'
import type { System } from '../system/system.ts'
import { isDead } from '../verdict/is-dead.ts'
import type { Waiter } from '../view/lock-view.ts'
import { TURN_MS, TURN_MS_MAX } from './decide.ts'

const RANK_MAX = Math.ceil(TURN_MS_MAX / TURN_MS)

// A claim of another machine cannot be asked; after a day it is taken for forgotten. At worst its
// owner loses its place in the queue.
const FOREIGN_CLAIM_MS_MAX = 24 * 60 * 60 * 1000

/**
 * A place in the queue of a lock. Only fairness and "who waits" rest on it, never safety: a client
 * without tickets is as correct as one with.
 */
export class Ticket implements Disposable {
  readonly #system: System
  readonly #site: Site
  readonly #name: string
  readonly #label: string
  #drawn = false

  constructor(system: System, site: Site, nonce: string, label: string) {
    this.#system = system
    this.#site = site
    this.#label = label
    this.#name = claimName(system.clock.ticks(), system.identity, nonce)
  }

  /** Takes a place at the end of the queue, once. Best effort: a full disk has no queue. */
  draw(): void {
    if (this.#drawn) return
    this.#drawn = true
    placeClaim(
      this.#system,
      this.#site.queueDirectory,
      this.#name,
      `${JSON.stringify({ label: this.#label })}\n`,
    )
  }

  /**
   * How many living waiters are before us; all of them, if we have no ticket. Counts no further than
   * to where a longer queue makes no difference, because everybody counts at every change of hands.
   */
  rank(): number {
    const limit = this.#drawn ? this.#name : undefined
    return livingClaims(this.#system, this.#site.queueDirectory, RANK_MAX, limit).length
  }

  [Symbol.dispose](): void {
    if (!this.#drawn) return
    this.#drawn = false
    removeClaim(this.#system, this.#site.queueDirectory, this.#name)
  }
}

/** Of a longer queue, only the head is shown. */
const WAITERS_SHOWN_MAX = 16

/** Those who wait, in their order; at most `WAITERS_SHOWN_MAX` of them. */
export function waitersOf(system: System, site: Site): Waiter[] {
  return livingClaims(system, site.queueDirectory, WAITERS_SHOWN_MAX).map(
    ({ pid, where, text }) => {
      const content = system.files.readText(join(site.queueDirectory, text))
      const label = content === null ? null : plainText(parseLine(content)?.['label'])
      return { pid, where, label }
    },
  )
}

/** Creates a claim file, and its directory when it is the first. Returns false if it cannot. */
export function placeClaim(system: System, directory: string, name: string, text: string): boolean {
  const { files } = system
  const create = (): void => files.create(join(directory, name), text)
  try {
    try {
      create()
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error
      files.mkdir(directory, 0o700)
      create()
    }
    return true
  } catch (error) {
    if (systemCode(error) === undefined) throw error
    return false
  }
}

/** Removes a claim; content if it is gone. */
export function removeClaim(system: System, directory: string, name: string): void {
  try {
    system.files.unlink(join(directory, name))
  } catch (error) {
    if (systemCode(error) === undefined) throw error
  }
}

/**
 * The first claims of the living, in their order, up to `max` of them and to the name `before`. Those
 * of the dead are removed on the way.
 */
export function livingClaims(
  system: System,
  directory: string,
  max: number = Number.POSITIVE_INFINITY,
  before?: string,
): Claim[] {
  let names: string[]
  try {
    names = system.files.readdir(directory)
  } catch {
    return []
  }
  const claims: Claim[] = []
  for (const name of names.toSorted()) {
    if (claims.length >= max || (before !== undefined && name >= before)) break
    const claim = parseClaim(name)
    if (claim === null) continue
    if (isForgotten(system, directory, claim)) removeClaim(system, directory, name)
    else claims.push(claim)
  }
  return claims
}

function isForgotten(system: System, directory: string, claim: Claim): boolean {
  const { clock, files, identity } = system
  if (claim.where !== identity.where) {
    const facts = files.lstat(join(directory, claim.text))
    return facts !== null && clock.now() - facts.mtimeMs > FOREIGN_CLAIM_MS_MAX
  }
  return isDead(system, claim)
}
