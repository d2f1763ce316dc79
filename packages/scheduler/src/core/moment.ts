/** What came at one time came together: a burst of submits shares one of these. */
export interface Moment {
  /** In milliseconds of the scheduler's clock. */
  readonly at: number
}
