/** How a build ended, as its holder reports it. */
export interface Outcome {
  readonly status: 'ok' | 'failed' | 'aborted' | 'crashed'
  /** The exit code of the failing (or successful) command. */
  readonly exitCode?: number
  /** The signal that ended the command, as in `SIGTERM`. */
  readonly signal?: string
  /** What a person should read first; cut to 4 KiB. */
  readonly summary?: string
  /** Path of the full log. */
  readonly log?: string
}

/**
 * The outcome as it stands in the name of a free baton, where it costs no disk block: `new` (never
 * held), an exit code, `s<signal>`, `x` crashed, `a` aborted.
 */
export type BatonStatus = string & { readonly __status?: never }

const STATUS = /^(?:new|x|a|s[a-z0-9]{2,10}|0|[1-9][0-9]{0,2})$/

/** Whether the text is one of the forms above, with exit codes from 0 to 255. */
export function isBatonStatus(text: string): text is BatonStatus {
  return STATUS.test(text) && !(/^[0-9]/.test(text) && Number(text) > 255)
}

/** An outcome's form in a name. A failure never becomes `0`. */
export function statusOf(outcome: Outcome): BatonStatus {
  switch (outcome.status) {
    case 'ok':
      return '0'
    case 'aborted':
      return 'a'
    case 'crashed':
      return 'x'
    case 'failed':
      return failedStatus(outcome)
  }
}

/** What a name alone tells of an outcome; undefined for a lock that was never held. */
export function outcomeOf(status: BatonStatus): Outcome | undefined {
  if (status === 'new') return undefined
  if (status === 'x') return { status: 'crashed' }
  if (status === 'a') return { status: 'aborted' }
  if (status === '0') return { status: 'ok', exitCode: 0 }
  if (status.startsWith('s')) {
    return { status: 'failed', signal: `SIG${status.slice(1).toUpperCase()}` }
  }
  return { status: 'failed', exitCode: Number(status) }
}

function failedStatus({ exitCode, signal }: Outcome): BatonStatus {
  const name = signal?.toLowerCase().replace(/^sig/, '')
  if (name !== undefined && /^[a-z0-9]{2,10}$/.test(name)) return `s${name}`
  if (exitCode === undefined || !Number.isInteger(exitCode) || exitCode <= 0) return '1'
  // Windows has larger codes; the done record keeps them whole.
  return exitCode > 255 ? '255' : String(exitCode)
}
