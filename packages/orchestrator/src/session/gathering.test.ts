import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { Gathering } from './gathering.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const gathering = (): { readonly company: Gathering<string>; readonly got: string[] } => {
  const got: string[] = []
  return { company: new Gathering(10, (item: string) => got.push(item)), got }
}

test('what comes within the moment is handed on together, in its order', () => {
  const { company, got } = gathering()
  company.add('api')
  vi.advanceTimersByTime(9)
  company.add('mail')
  expect(got).toEqual([])
  vi.advanceTimersByTime(1)
  expect(got).toEqual(['api', 'mail'])
})

test('what comes later begins a moment of its own', () => {
  const { company, got } = gathering()
  company.add('api')
  vi.advanceTimersByTime(10)
  company.add('mail')
  expect(got).toEqual(['api'])
  vi.advanceTimersByTime(10)
  expect(got).toEqual(['api', 'mail'])
})

test('asked to, it hands on at once, and only once', () => {
  const { company, got } = gathering()
  company.add('api')
  company.flush()
  vi.advanceTimersByTime(100)
  expect(got).toEqual(['api'])
})

test('at its end nothing is lost, and nothing waits from then on', () => {
  const { company, got } = gathering()
  company.add('api')
  company[Symbol.dispose]()
  company.add('mail')
  expect(got).toEqual(['api', 'mail'])
  expect(vi.getTimerCount()).toBe(0)
})
