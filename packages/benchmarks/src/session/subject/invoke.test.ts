import { once } from 'node:events'
import { type RequestListener, createServer } from 'node:http'

import { expect, test } from 'vitest'

import { untilAnswered } from './invoke.ts'

/** Far beyond what anything takes on a loaded machine. */
const DEADLINE_MS = 100_000

test('a function is invoked until its answer is made from what was saved', async () => {
  const asked: (string | undefined)[] = []
  await using endpoint = await listen((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (asked.length === 1) request.socket.destroy()
    else if (asked.length === 2) response.writeHead(503).end('it is being built')
    else response.end(asked.length === 3 ? '{"own":"first"}' : '{"own":"second"}')
  })
  const answer = await untilAnswered(() => endpoint.url, 'hello', '"second"', DEADLINE_MS)
  expect(answer).toEqual({ at: expect.any(Number), lost: 2, instead: '{"own":"first"}' })
  expect(asked).toEqual(Array(4).fill('POST /2015-03-31/functions/hello/invocations'))
})

test('a function that never answers with it is given up, with what it said instead', async () => {
  await using endpoint = await listen((_, response) => response.end('{"own":"first"}'))
  const answer = await untilAnswered(() => endpoint.url, 'hello', '"second"', 1)
  expect(answer).toEqual({ at: null, lost: 0, instead: '{"own":"first"}' })
})

async function listen(
  listener: RequestListener,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
