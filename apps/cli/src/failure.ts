import type { ErrorFacts } from './documents/documents.ts'
import { exitCodes } from './exit-codes.ts'

/** Something that ends the command with a message for people and a documented exit code. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: number
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
    this.exitCode = options.exitCode ?? exitCodes.usage
    this.details = options.details ?? {}
  }
}
