import type { IncomingMessage } from 'node:http'

import type { ByteBudget } from './byte-budget.ts'

/** What became of reading a body. */
export type BodyResult =
  | { readonly kind: 'complete'; readonly bytes: Buffer }
  | { readonly kind: 'too-large' }
  /** Too much is held already, by other requests. */
  | { readonly kind: 'no-room' }
  /** The connection broke, or the client was too slow. */
  | { readonly kind: 'broken' }

/**
 * Reads a whole body, or says why not. Nothing beyond the limit is kept. A complete body's bytes
 * stay taken from the budget until the caller gives them back.
 */
export function readBody(
  request: IncomingMessage,
  limitBytes: number,
  budget: ByteBudget,
): Promise<BodyResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0

    const finish = (result: BodyResult): void => {
      request.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onClose)
      // An 'error' after this would otherwise be thrown: the connection may still break.
      request.on('error', ignoreBreak)
      if (result.kind !== 'complete') budget.giveBack(length)
      resolve(result)
    }
    const onData = (chunk: Buffer): void => {
      if (length + chunk.length > limitBytes) {
        finish({ kind: 'too-large' })
      } else if (budget.take(chunk.length)) {
        length += chunk.length
        chunks.push(chunk)
      } else {
        finish({ kind: 'no-room' })
      }
    }
    const onEnd = (): void => {
      const [only] = chunks
      const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length)
      finish({ kind: 'complete', bytes })
    }
    const onClose = (): void => {
      finish({ kind: 'broken' })
    }

    const announced = Number(request.headers['content-length'] ?? 0)
    if (announced > limitBytes) {
      finish({ kind: 'too-large' })
      return
    }
    request.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose)
  })
}

function ignoreBreak(): void {
  // Whoever waits for this request has already been told how its body ended.
}
