import { expect, test } from 'vitest'

import { LogTail } from './log-tail.ts'

test('the last 4 KB are kept, however much is printed', () => {
  const log = new LogTail()
  for (let line = 0; line < 10_000; line += 1) log.append(`line ${line}\n`)
  const tail = log.tail().toString()
  expect(tail).toHaveLength(4096)
  expect(tail.endsWith('line 9998\nline 9999\n')).toBe(true)
})

test('readOut() goes on while each turn brings more', async () => {
  const log = new LogTail()
  let left = 20
  const more = (): void => {
    log.append('x')
    left -= 1
    if (left > 0) setImmediate(more)
  }
  setImmediate(more)
  await log.readOut()
  expect(log.tail().toString()).toBe('x'.repeat(20))
})

test('readOut() does not wait for what is printed without end', async () => {
  const log = new LogTail()
  let stopped = false
  const more = (): void => {
    log.append('x')
    if (!stopped) setImmediate(more)
  }
  more()
  await log.readOut()
  stopped = true
  expect(log.tail().length).toBeGreaterThan(0)
})
