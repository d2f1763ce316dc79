import { once } from 'node:events'
import { PassThrough } from 'node:stream'

import { expect, test } from 'vitest'

import { UnreadOutput } from './unread-output.ts'

const MEGABYTE = Buffer.alloc(1024 * 1024, 'x')

test('what a reader does not take is left out beyond a limit, and counted', () => {
  const stream = new PassThrough()
  const output = new UnreadOutput(stream)
  let admitted = 0
  while (output.admits()) {
    stream.write(MEGABYTE)
    admitted += 1
  }
  expect(admitted).toBeLessThan(100)
  expect(output.admits()).toBe(false)
  expect(output.takeLeftOut()).toBe(2)
  expect(output.takeLeftOut()).toBe(0)
})

test('all of it is waited for while somebody reads', async () => {
  const stream = new PassThrough()
  stream.write(MEGABYTE)
  stream.write(MEGABYTE)
  const read = new UnreadOutput(stream).read()
  stream.resume()
  await once(stream, 'data')
  expect(await read).toBe(true)
})

test('a reader that has stopped reading must not be waited for', async () => {
  const stream = new PassThrough()
  stream.write(MEGABYTE)
  stream.write(MEGABYTE)
  expect(await new UnreadOutput(stream).read()).toBe(false)
})
