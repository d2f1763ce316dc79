import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { MessageLimit } from './message-limit.ts'

const frame = (body: string): string => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

async function pass(chunks: readonly Buffer[], limit = 100): Promise<string> {
  const out: Buffer[] = []
  await pipeline(Readable.from(chunks), new MessageLimit(limit), async (source) => {
    for await (const chunk of source) out.push(chunk as Buffer)
  })
  return Buffer.concat(out).toString()
}

test('messages pass unchanged, wherever they are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ maxLength: 20 }), { maxLength: 5 }),
      fc.integer({ min: 1, max: 9 }),
      async (bodies, size) => {
        const text = Buffer.from(bodies.map(frame).join(''))
        const chunks = []
        for (let at = 0; at < text.length; at += size) chunks.push(text.subarray(at, at + size))
        expect(await pass(chunks)).toBe(text.toString())
      },
    ),
  )
})

test('a message that announces too much must not be buffered', async () => {
  await expect(pass([Buffer.from('Content-Length: 101\r\n\r\n')])).rejects.toThrow(
    'a message of 101 bytes is larger than 100',
  )
})

test('a header without an end must not be buffered', async () => {
  await expect(pass([Buffer.alloc(5_000, 'x')])).rejects.toThrow('a message header has no end')
})

test('a header without a length is refused', async () => {
  await expect(pass([Buffer.from('GET / HTTP/1.1\r\n\r\n')])).rejects.toThrow(
    'a message header has no Content-Length',
  )
})
