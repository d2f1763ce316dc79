import type { FunctionFailure, Verdict } from '../dispatcher/effect.ts'

/** Why an invocation was never given to the function. */
export type Refusal = Extract<Verdict, { kind: 'queue-full' | 'queue-timeout' | 'closed' }>

/** How an invocation ended, as its caller gets it. */
export type Outcome =
  | { readonly kind: 'response'; readonly contentType: string; readonly body: Buffer }
  /** The answer begins; iterating it throws {@link StreamFailure} if it does not end well. */
  | {
      readonly kind: 'stream'
      readonly contentType: string
      readonly chunks: AsyncIterable<Buffer>
    }
  /** The function's error document (JSON), its own or one made for it. */
  | { readonly kind: 'function-error'; readonly body: Buffer }
  | {
      readonly kind: 'refused'
      readonly refusal: Refusal
      /** What kept the function from being started meanwhile, if its owner said so. */
      readonly held: string | undefined
    }

/** A streamed answer that broke off: by the function's own error, its crash or its deadline. */
export class StreamFailure extends Error {
  /** The error document, JSON. */
  readonly body: Buffer

  constructor(body: Buffer) {
    super('the streamed response ended with an error')
    this.name = 'StreamFailure'
    this.body = body
  }
}

/** The error document that Lambda's runtimes send. */
export function failureBody({ errorType, errorMessage }: FunctionFailure): Buffer {
  return Buffer.from(JSON.stringify({ errorType, errorMessage }))
}

/** Reads type and message out of an error document, however odd it is. */
export function readFailure(body: Buffer): FunctionFailure {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    if (typeof parsed === 'object' && parsed !== null) {
      const { errorType, errorMessage } = parsed as Partial<Record<string, unknown>>
      return {
        errorType: typeof errorType === 'string' ? errorType : 'Unknown',
        errorMessage: typeof errorMessage === 'string' ? errorMessage : '',
      }
    }
  } catch {
    // Not JSON: a runtime may post anything. The text itself is the best message there is.
  }
  return { errorType: 'Unknown', errorMessage: body.toString('utf8', 0, 1024) }
}
