import type { ErrorFacts } from './documents/documents.ts'

/** Something that ends the command with a message for people and a documented exit code. */
export class Failure extends Error {
  override readonly name = 'Failure'
  /** `null`: the one for what is wrong with the arguments or the configuration. */
  readonly exitCode: number | null
  /** A stable word for `--json`. */
  readonly code: string
  /** Facts beside the message, for `--json`. */
  readonly details: ErrorFacts

  constructor(
    code: string,
    message: string,
    options: {
      readonly exitCode?: number
      readonly details?: ErrorFacts
    } = {},
  ) {
    super(message)
    this.code = code
    this.exitCode = options.exitCode ?? null
    this.details = options.details ?? {}
  }
}
