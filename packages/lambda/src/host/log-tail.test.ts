import { expect, test } from 'vitest'

import { LogTail } from './log-tail.ts'

test('the last 4 KB are kept, however much is printed', () => {
  const log = new LogTail()
  for (let line = 0; line < 10_000; line += 1) log.append(`line ${line}\n`)
  const tail = log.tail().toString()
  expect(tail).toHaveLength(4096)
  expect(tail.endsWith('line 9998\nline 9999\n')).toBe(true)
})

test('clear() forgets', () => {
  const log = new LogTail()
  log.append('before')
  log.clear()
  log.append(Buffer.from('after'))
  expect(log.tail().toString()).toBe('after')
})
