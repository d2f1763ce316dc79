/** One thing that was looked at. */
export interface Finding {
  readonly check:
    | 'versions'
    | 'watch-limits'
    | 'file-system'
    | 'clock'
    | 'locks'
    | 'leftovers'
    | 'cargo'
  readonly level: 'ok' | 'warning' | 'problem'
  /** What was found, in one line. */
  readonly text: string
  /** What to do about it; `null` when nothing needs doing. */
  readonly remedy: string | null
}

export const ok = (check: Finding['check'], text: string): Finding => ({
  check,
  level: 'ok',
  text,
  remedy: null,
})

export const warning = (check: Finding['check'], text: string, remedy: string | null): Finding => ({
  check,
  level: 'warning',
  text,
  remedy,
})

export const problem = (check: Finding['check'], text: string, remedy: string | null): Finding => ({
  check,
  level: 'problem',
  text,
  remedy,
})
