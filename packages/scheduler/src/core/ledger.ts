import type { Contest } from './contest.ts'
import { type Definition, plainDefinition } from './definition.ts'
import type { Demand, Need } from './demand.ts'

/** How much of one resource there is, is in use, and is kept back for tasks that have aged. */
export class Account {
  readonly resource: string
  /** Tells it from every other, also from a former one of the same name. */
  readonly number: number
  capacity: number
  inUse = 0
  reserved = 0
  /** Removed from the configuration; stays until nothing that knows it is left. */
  retired = false
  /** Who competes for it. Belongs to the queue of the ready. */
  contest: Contest | undefined = undefined
  /** What most tasks need of it, made once. */
  readonly unit: Need
  /** What most tasks need that use it, made once: one unit of it and nothing else. */
  readonly one: Definition

  constructor(resource: string, number: number, capacity: number) {
    this.resource = resource
    this.number = number
    this.capacity = capacity
    this.unit = { account: this, resource, amount: 1 }
    this.one = plainDefinition([this.unit])
  }

  /** What is free, whoever may have reserved it. Negative after a capacity was lowered in use. */
  get available(): number {
    return this.capacity - this.inUse
  }

  /** What is free and not reserved. */
  get unreserved(): number {
    return this.capacity - this.inUse - this.reserved
  }
}

const free: Definition = plainDefinition([])

/** The accounts of all resources. */
export class Ledger {
  readonly #accounts = new Map<string, Account>()
  #lastNumber = 0

  constructor(capacities: Readonly<Record<string, number>>) {
    this.configure(capacities, () => false)
  }

  /** New capacities. A removed resource that is still needed stays, but is no longer offered. */
  configure(
    capacities: Readonly<Record<string, number>>,
    isNeeded: (account: Account) => boolean,
  ): void {
    for (const [resource, account] of this.#accounts) {
      account.retired = !Object.hasOwn(capacities, resource)
      if (account.retired && !isNeeded(account)) this.#accounts.delete(resource)
    }
    for (const [resource, capacity] of Object.entries(capacities)) {
      const account = this.#accounts.get(resource)
      if (account !== undefined) {
        account.capacity = capacity
        continue
      }
      this.#lastNumber += 1
      this.#accounts.set(resource, new Account(resource, this.#lastNumber, capacity))
    }
  }

  /** All accounts, those of removed resources included. */
  accounts(): Iterable<Account> {
    return this.#accounts.values()
  }

  /** What is known of them belongs to an earlier queue of the ready, and was ordered by its policy. */
  forgetContests(): void {
    for (const account of this.#accounts.values()) {
      account.contest = undefined
      account.reserved = 0
    }
  }

  find(resource: string): Account | undefined {
    return this.#accounts.get(resource)
  }

  /** The resources that new tasks may use. */
  names(): readonly string[] {
    return [...this.#accounts].flatMap(([name, account]) => (account.retired ? [] : [name]))
  }

  /** The definition of tasks that demand this and have nothing else to them. */
  plain(demands: readonly Demand[]): Definition {
    const first = demands[0]
    if (first === undefined) return free
    if (demands.length === 1 && first.amount === 1) return this.#account(first.resource).one
    return plainDefinition(demands.map((demand) => this.#need(demand)))
  }

  /** What is demanded, with the accounts it concerns. All of them must exist. */
  needsOf(demands: readonly Demand[]): readonly Need[] {
    return this.plain(demands).needs
  }

  #need({ resource, amount }: Demand): Need {
    const account = this.#account(resource)
    return amount === 1 ? account.unit : { account, resource, amount }
  }

  #account(resource: string): Account {
    const account = this.#accounts.get(resource)
    if (account === undefined) throw new Error(`internal error: no account of "${resource}"`)
    return account
  }
}

export function take(needs: readonly Need[]): void {
  for (const { account, amount } of needs) account.inUse += amount
}

export function release(needs: readonly Need[]): void {
  for (const { account, amount } of needs) account.inUse -= amount
}
