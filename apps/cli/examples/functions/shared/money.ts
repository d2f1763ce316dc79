/** What every amount is in. */
export const currency = 'EUR'

/** An amount as customers read it: `EUR 12.50`. */
export function formatMoney(cents: number): string {
  return `${currency} ${(cents / 100).toFixed(2)}`
}
