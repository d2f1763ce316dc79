import { StreamFailure, failureBody } from '../host/outcome.ts'
import { responseLimitBytes } from '../runtime-api/receive-answer.ts'

/** Puts a streamed answer together, within the limit of a buffered one. */
export async function collectStream(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const chunk of chunks) {
    length += chunk.length
    if (length > responseLimitBytes) {
      throw new StreamFailure(
        failureBody({
          errorType: 'Function.ResponseSizeTooLarge',
          errorMessage: `Response payload size exceeded maximum allowed payload size (${responseLimitBytes} bytes).`,
        }),
      )
    }
    parts.push(chunk)
  }
  return Buffer.concat(parts, length)
}
