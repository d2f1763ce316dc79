import type { Account } from './ledger.ts'

/** So much of one resource. */
export interface Demand {
  readonly resource: string
  readonly amount: number
}

/** A demand, and the account of the resource. */
export interface Need extends Demand {
  readonly account: Account
}

/**
 * A demand admitted before a capacity was lowered may exceed it now. Then it takes all there is, so
 * that a new configuration never leaves a task behind that can't ever run.
 */
export function effectiveAmount({ account, amount }: Need): number {
  return Math.min(amount, account.capacity)
}

/** How much of the account is needed, as things are now; 0 if none. */
export function amountOf(needs: readonly Need[], account: Account): number {
  for (const need of needs) if (need.account === account) return effectiveAmount(need)
  return 0
}
