/** One test, by a sentence that says what must hold. */
export interface HostTest {
  readonly title: string
  readonly run: () => Promise<void>
}

export const test = (title: string, run: () => Promise<void>): HostTest => ({ title, run })
