import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer } from 'node:net'

import { describe, expect, test, vi } from 'vitest'

import {
  deadline,
  listen,
  options,
  ours,
  stranger,
  tableOf,
  timeoutMs,
  waitInVain,
} from '../../test/support/readiness-rig.ts'
import type { Readiness } from '../configuration/workspace.ts'
import { waitUntilReady } from './wait-until-ready.ts'

describe('http', () => {
  const table = tableOf(ours)

  test.for([200, 204, 301, 399])('status %d is ready', async (status) => {
    const readiness = await serve((_request, response) => response.writeHead(status).end())
    expect(await waitUntilReady(options(readiness, { table }))).toMatchObject({ kind: 'ready' })
  })

  test.for([400, 404, 500, 503])('status %d is not', async (status) => {
    const readiness = await serve((_request, response) => response.writeHead(status).end())
    const detail = await waitInVain(readiness, { table })
    expect(detail).toMatch(
      new RegExp(`^GET http://localhost:\\d+/health\\?x=1 answered ${status} `),
    )
  })

  test('asks for the path, under the name that was configured', async () => {
    const asked: (string | undefined)[] = []
    const readiness = await serve((request, response) => {
      asked.push(request.method, request.url, request.headers.host)
      response.end('ok')
    })
    await waitUntilReady(options(readiness, { table }))
    expect(asked).toEqual(['GET', '/health?x=1', expect.stringMatching(/^localhost:\d+$/)])
  })

  test('a server that listens on ::1 alone is found', async () => {
    const readiness = await serve((_request, response) => response.end(), '::1')
    expect(await waitUntilReady(options(readiness, { table }))).toMatchObject({ kind: 'ready' })
  })

  test('a body without end does not matter', async () => {
    const readiness = await serve((_request, response) => void response.write('…'))
    expect(await waitUntilReady(options(readiness, { table }))).toMatchObject({ kind: 'ready' })
  })

  test('a server that speaks something else is not ready', async () => {
    const port = await listen(createServer((socket) => socket.end('SSH-2.0\r\n')))
    const url = `http://127.0.0.1:${port}/`
    expect(await waitInVain({ kind: 'http', url, timeoutMs }, { table })).toContain('not answered')
  })

  test('a listener of another program is not even asked', async () => {
    const asked = vi.fn<RequestListener>((_request, response) => void response.end())
    const readiness = await serve(asked)
    const detail = await waitInVain(readiness, { table: tableOf(stranger) })
    expect(detail).toContain('which is not of this run')
    expect(asked).not.toHaveBeenCalled()
  })

  test('an abort ends a request that is not answered', async () => {
    const controller = new AbortController()
    const closed = vi.fn<() => void>()
    const readiness = await serve((request) => {
      request.socket.once('close', closed)
      controller.abort()
    })
    const result = await waitUntilReady(options(readiness, { table, signal: controller.signal }))
    expect(result).toEqual({ kind: 'aborted' })
    await vi.waitFor(() => expect(closed).toHaveBeenCalled(), deadline)
  })
})

async function serve(listener: RequestListener, host = '127.0.0.1'): Promise<Readiness> {
  const port = await listen(createHttpServer(listener), host)
  return { kind: 'http', url: `http://localhost:${port}/health?x=1`, timeoutMs }
}
