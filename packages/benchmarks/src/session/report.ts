import type { Demand } from './demands.ts'
import type { Spread } from './statistics.ts'

/** One figure in a table. */
export type Cell =
  | { readonly kind: 'text'; readonly text: string }
  /** A count that is the same in every round, or was taken once. */
  | { readonly kind: 'count'; readonly value: number }
  | { readonly kind: 'spread'; readonly spread: Spread; readonly digits: number }
  /** Not measured, and why. */
  | { readonly kind: 'none'; readonly because: string }

/** What one scenario has found, for tables and for JSON alike. */
export interface Section {
  readonly scenario: string
  readonly title: string
  /** The first column names the subject. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly [string, ...Cell[]])[]
  readonly notes: readonly string[]
  readonly demands: readonly Demand[]
}

export const text = (value: string): Cell => ({ kind: 'text', text: value })

export const count = (value: number): Cell => ({ kind: 'count', value })

export const none = (because: string): Cell => ({ kind: 'none', because })

/** So many cells with nothing in them. */
export function dashes(cells: number): readonly Cell[] {
  return Array.from({ length: cells }, () => none('–'))
}

export function figure(spread: Spread, digits = 0): Cell {
  if (spread.count === 0) return none('–')
  return { kind: 'spread', spread, digits }
}
