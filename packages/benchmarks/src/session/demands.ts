import { type Spread, spreadOf } from './statistics.ts'

/** How the time of Singletrack was spent: what it did, and how many ms in the median. */
export type Profile = readonly (readonly [phase: string, ms: number])[]

/** What is asked of Singletrack, and whether a run has shown it. */
export interface Demand {
  readonly text: string
  readonly limit: number
  /** Judged by its median; without values nothing was measured. */
  readonly measured: Spread
  readonly verdict: 'met' | 'missed' | 'not measured'
  /** Of the same rounds; empty where the session has no events to tell. */
  readonly profile: Profile
}

/** A demand that the median of some figures is at most so much. */
export function atMost(
  text: string,
  figures: readonly number[],
  limit: number,
  profile: Profile = [],
): Demand {
  const measured = spreadOf(figures)
  const verdict = measured.count === 0 ? 'not measured' : judge(measured.median, limit)
  return { text, limit, measured, verdict, profile }
}

/** By how much a demand is missed; `null` where it is not, or where nothing was allowed. */
export function excess({ measured, limit, verdict }: Demand): string | null {
  if (verdict !== 'missed' || limit === 0) return null
  return `${Math.ceil((measured.median / limit - 1) * 100)} % over`
}

/** The phases that took longest, longest first. */
export function describeProfile(profile: Profile): string {
  const longest = profile
    .filter(([, ms]) => ms >= 0.5)
    .toSorted(([, one], [, other]) => other - one)
  return longest.map(([phase, ms]) => `${phase} ${Math.round(ms)} ms`).join(', ')
}

/** What is printed with two digits is judged with two digits. */
function judge(median: number, limit: number): 'met' | 'missed' {
  return Math.round(median * 100) / 100 <= limit ? 'met' : 'missed'
}
