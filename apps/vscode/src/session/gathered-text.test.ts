import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { GatheredText } from './gathered-text.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('lines that come close to each other are passed on as one text', () => {
  const texts: string[] = []
  using gathered = new GatheredText((text) => texts.push(text))
  gathered.add('one')
  gathered.add('two')
  expect(texts).toEqual([])
  vi.runAllTimers()
  expect(texts).toEqual(['one\ntwo\n'])
})

test('a line that comes later is passed on later, and nothing twice', () => {
  const texts: string[] = []
  using gathered = new GatheredText((text) => texts.push(text))
  gathered.add('one')
  vi.runAllTimers()
  gathered.add('two')
  vi.runAllTimers()
  expect(texts).toEqual(['one\n', 'two\n'])
})

test('nothing is passed on to a channel that is gone', () => {
  const texts: string[] = []
  const gathered = new GatheredText((text) => texts.push(text))
  gathered.add('one')
  gathered[Symbol.dispose]()
  vi.runAllTimers()
  expect(texts).toEqual([])
})
