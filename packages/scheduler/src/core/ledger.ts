import type { Demand } from './task.ts'

/** Stands for a concurrency slot where slots are accounted like a resource. No name can equal it. */
export const slot = '(concurrency)'

interface Account {
  capacity: number
  inUse: number
  reserved: number
  /** Removed from the configuration; stays until nothing that knows it is left. */
  retired: boolean
}

/** How much of each resource there is, is in use, and is kept back for tasks that have aged. */
export class Ledger {
  readonly #accounts = new Map<string, Account>()

  constructor(capacities: Readonly<Record<string, number>>) {
    this.configure(capacities, () => false)
  }

  /** New capacities. A removed resource that is still needed stays, but is no longer offered. */
  configure(
    capacities: Readonly<Record<string, number>>,
    isNeeded: (resource: string) => boolean,
  ): void {
    for (const [resource, account] of this.#accounts) {
      account.retired = !Object.hasOwn(capacities, resource)
      if (account.retired && !isNeeded(resource)) this.#accounts.delete(resource)
    }
    for (const [resource, capacity] of Object.entries(capacities)) {
      const account = this.#accounts.get(resource)
      if (account !== undefined) account.capacity = capacity
      else this.#accounts.set(resource, { capacity, inUse: 0, reserved: 0, retired: false })
    }
  }

  /** The resources that new tasks may use. */
  names(): readonly string[] {
    return [...this.#accounts].flatMap(([name, account]) => (account.retired ? [] : [name]))
  }

  /** All accounts, those of removed resources included. */
  all(): readonly string[] {
    return [...this.#accounts.keys()]
  }

  offers(resource: string): boolean {
    return this.#accounts.get(resource)?.retired === false
  }

  capacity(resource: string): number {
    return this.#accounts.get(resource)?.capacity ?? 0
  }

  inUse(resource: string): number {
    return this.#accounts.get(resource)?.inUse ?? 0
  }

  /** What is free, whoever may have reserved it. Negative after a capacity was lowered in use. */
  available(resource: string): number {
    const account = this.#accounts.get(resource)
    return account === undefined ? 0 : account.capacity - account.inUse
  }

  /** What is free and not reserved. */
  unreserved(resource: string): number {
    const account = this.#accounts.get(resource)
    return account === undefined ? 0 : account.capacity - account.inUse - account.reserved
  }

  /**
   * A demand admitted before a capacity was lowered may exceed it now. Then it takes all there is,
   * so that a new configuration never leaves a task behind that can't ever run.
   */
  effective(demand: Demand): number {
    return Math.min(demand.amount, this.capacity(demand.resource))
  }

  take(demands: readonly Demand[]): void {
    for (const { resource, amount } of demands) this.#account(resource).inUse += amount
  }

  release(demands: readonly Demand[]): void {
    for (const { resource, amount } of demands) this.#account(resource).inUse -= amount
  }

  reserve(demands: readonly Demand[]): void {
    for (const { resource, amount } of demands) this.#account(resource).reserved += amount
  }

  unreserve(demands: readonly Demand[]): void {
    for (const { resource, amount } of demands) this.#account(resource).reserved -= amount
  }

  /** Nothing is reserved any more; whoever reserved it is about to look again. */
  dropReservations(): void {
    for (const account of this.#accounts.values()) account.reserved = 0
  }

  #account(resource: string): Account {
    const account = this.#accounts.get(resource)
    if (account === undefined) throw new Error(`internal error: no account of "${resource}"`)
    return account
  }
}
