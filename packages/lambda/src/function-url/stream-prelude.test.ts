import fc from 'fast-check'
import { expect, test } from 'vitest'

import { preludeType, readPrelude } from './stream-prelude.ts'

async function* chunksOf(bytes: Buffer, sizes: readonly number[]) {
  let at = 0
  for (const size of sizes) {
    yield bytes.subarray(at, at + size)
    at += size
  }
  yield bytes.subarray(at)
}

const head = '{"statusCode":418,"headers":{"x-a":"b"},"cookies":["c=d"]}'
const whole = Buffer.concat([Buffer.from(head), Buffer.alloc(8), Buffer.from('the body')])

test('the prelude is found wherever the chunks are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 10 }),
      async (sizes) => {
        const { status, headers, body } = await readPrelude(chunksOf(whole, sizes), preludeType)
        expect({ status, headers }).toEqual({
          status: 418,
          headers: { 'x-a': 'b', 'set-cookie': ['c=d'], 'content-type': 'application/json' },
        })
        const parts: Buffer[] = []
        for await (const part of body) parts.push(part)
        expect(Buffer.concat(parts).toString()).toBe('the body')
      },
    ),
  )
})

test.for([
  ['never ends', 'x'.repeat(70_000), 'longer than 65536 bytes'],
  ['ends too early', '{"statusCode":200}', 'ended in its prelude'],
  ['is not JSON', `nonsense${'\0'.repeat(8)}`, 'not JSON'],
  ['has an impossible status', `{"statusCode":99}${'\0'.repeat(8)}`, '"statusCode"'],
] as const)('a prelude that %s is malformed', async ([, text, words]) => {
  const chunks = chunksOf(Buffer.from(text), [])
  await expect(readPrelude(chunks, preludeType)).rejects.toThrow(words)
})
