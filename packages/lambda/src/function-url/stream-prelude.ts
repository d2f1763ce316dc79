import { MalformedResponseError, type UrlResponse, responseHead } from './url-response.ts'

/** The content type by which a streamed answer says that it begins with a prelude. */
export const preludeType = 'application/vnd.awslambda.http-integration-response'

/** Eight zero bytes end the prelude. */
const delimiter = Buffer.alloc(8)

/** Status, headers and cookies fit in far less. */
const preludeLimitBytes = 64 * 1024

/** A streamed answer whose head is known. */
export interface StreamedUrlResponse extends UrlResponse {
  readonly body: AsyncGenerator<Buffer, void, undefined>
}

/**
 * Reads the head of a streamed answer: JSON and eight zero bytes before the body if its type says
 * so; else it has none, and everything is body.
 *
 * @throws MalformedResponseError if the prelude is not one; StreamFailure if the stream breaks.
 */
export async function readPrelude(
  chunks: AsyncIterable<Buffer>,
  contentType: string,
): Promise<StreamedUrlResponse> {
  const iterator = chunks[Symbol.asyncIterator]()
  if (contentType !== preludeType) {
    // The first chunk is awaited: an error before any byte can still be answered with a status.
    const first = await iterator.next()
    const start = first.done === true ? undefined : first.value
    return { status: 200, headers: { 'content-type': contentType }, body: rest(start, iterator) }
  }
  let read = Buffer.alloc(0)
  let end = -1
  while (end === -1) {
    const next = await iterator.next() // oxlint-disable-line no-await-in-loop -- a stream is read in order
    if (next.done === true) throw new MalformedResponseError('the stream ended in its prelude')
    read = Buffer.concat([read, next.value])
    end = read.indexOf(delimiter)
    if (end === -1 && read.length > preludeLimitBytes) {
      await iterator.return?.() // oxlint-disable-line no-await-in-loop -- leaves the loop
      throw new MalformedResponseError(`the prelude is longer than ${preludeLimitBytes} bytes`)
    }
  }
  const head = parseHead(read.subarray(0, end))
  return { ...head, body: rest(read.subarray(end + delimiter.length), iterator) }
}

function parseHead(bytes: Buffer): UrlResponse {
  try {
    return responseHead(JSON.parse(bytes.toString('utf8')))
  } catch (error) {
    if (error instanceof MalformedResponseError) throw error
    throw new MalformedResponseError('the prelude is not JSON')
  }
}

async function* rest(
  start: Buffer | undefined,
  iterator: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    if (start !== undefined && start.length > 0) yield start
    for (;;) {
      const next = await iterator.next() // oxlint-disable-line no-await-in-loop -- a stream is read in order
      if (next.done === true) return
      yield next.value
    }
  } finally {
    await iterator.return?.()
  }
}
