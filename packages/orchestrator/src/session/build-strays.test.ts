import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import type { RemainingProcess } from '../processes/index.ts'
import { BuildStrays } from './build-strays.ts'

const daemon: RemainingProcess = { pid: 7, startTime: '1', command: 'daemon' }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Builds whose marks begin with a `d` have left a daemon. */
function strays(): { readonly subject: BuildStrays; readonly looks: string[][] } {
  const looks: string[][] = []
  const subject = new BuildStrays((jobs) => {
    looks.push([...jobs])
    return new Map([...jobs].map((job) => [job, job.startsWith('d') ? [daemon] : []]))
  })
  return { subject, looks }
}

test('builds that end within a moment of each other are looked at together, later', () => {
  const { subject, looks } = strays()
  const told: string[] = []
  subject.ended('a', () => told.push('a'))
  subject.ended('d1', () => told.push('d1'))
  expect(looks).toEqual([])
  vi.runAllTimers()
  expect([looks, told]).toEqual([[['a', 'd1']], ['d1']])
})

test('a build that ends after the look is looked at by the next', () => {
  const { subject, looks } = strays()
  subject.ended('d1', () => undefined)
  vi.runAllTimers()
  subject.ended('d2', () => undefined)
  vi.runAllTimers()
  expect(looks).toEqual([['d1'], ['d2']])
})

test('at the end nothing is left to be told, and no timer runs', () => {
  const { subject } = strays()
  const told: (readonly RemainingProcess[])[] = []
  subject.ended('d', (left) => told.push(left))
  subject[Symbol.dispose]()
  expect(told).toEqual([[daemon]])
  expect(vi.getTimerCount()).toBe(0)
})
