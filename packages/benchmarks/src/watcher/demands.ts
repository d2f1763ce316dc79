import { print, table } from './print.ts'
import { leastOf } from './spread.ts'

/** One number that is asked for, and what was measured. */
interface Verdict {
  readonly what: string
  readonly most: number
  readonly measured: number
  readonly digits: number
}

/**
 * What is demanded of the watcher. Costs are checked by the least of all rounds: what else the
 * machine did only ever adds.
 */
export class Demands {
  readonly #verdicts: Verdict[] = []

  /** The least of a number is at most this. */
  most<Found>(
    what: string,
    most: number,
    found: readonly Found[] | undefined,
    pick: (one: Found) => number,
  ): void {
    this.#verdicts.push({ what, most, measured: leastOf(found, pick), digits: most < 1 ? 3 : 0 })
  }

  /** Every round's number is at most this. */
  always<Found>(
    what: string,
    most: number,
    found: readonly Found[] | undefined,
    pick: (one: Found) => number,
  ): void {
    const measured = -leastOf(found, (one) => -pick(one))
    this.#verdicts.push({ what: `${what}, in every round`, most, measured, digits: 0 })
  }

  /** The least of a number is at most this many times the least of a peer's. */
  times<Found>(
    what: string,
    most: number,
    [found, peer]: readonly [readonly Found[] | undefined, readonly Found[] | undefined],
    pick: (one: Found) => number,
  ): void {
    const measured = leastOf(found, pick) / leastOf(peer, pick)
    this.#verdicts.push({ what, most, measured, digits: 2 })
  }

  print(): void {
    if (this.#verdicts.length === 0) return
    print('\n## What is demanded: costs by the least of all rounds\n')
    const rows = this.#verdicts.map(({ what, most, measured, digits }) => [
      what,
      `≤ ${most}`,
      measured.toFixed(digits),
      measured <= most ? 'yes' : 'no',
    ])
    table(['demand', 'at most', 'measured', 'met'], rows)
  }
}
