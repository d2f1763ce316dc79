import { setImmediate as turn } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { ChangeTracker } from './change-tracker.ts'

test('many changes in a row are told once', async () => {
  const tracker = new ChangeTracker()
  let told = 0
  tracker.onChange(() => (told += 1))
  for (let i = 0; i < 10; i += 1) tracker.touch()
  await turn()
  expect(told).toBe(1)
})

test('until resolves with what is there already', async () => {
  expect(await new ChangeTracker().until(() => 'there', new AbortController().signal)).toBe('there')
})

test('until resolves with the first change that brings what is waited for', async () => {
  const tracker = new ChangeTracker()
  let count = 0
  const waiting = tracker.until(() => (count >= 2 ? count : null), new AbortController().signal)
  for (let i = 0; i < 3; i += 1) {
    count += 1
    tracker.touch()
    // oxlint-disable-next-line no-await-in-loop -- one change after the other
    await turn()
  }
  expect(await waiting).toBe(2)
})

test('an aborted wait ends and listens no more', async () => {
  const tracker = new ChangeTracker()
  const abort = new AbortController()
  let looks = 0
  const waiting = tracker.until(() => {
    looks += 1
    return null
  }, abort.signal)
  abort.abort()
  expect(await waiting).toBe('aborted')
  tracker.touch()
  await turn()
  expect(looks).toBe(0)
})
