import { expect, test } from 'vitest'

import { type SignalAnswer, hearSignal, noSignals } from './signal-policy.ts'

function answers(...heard: readonly (readonly [NodeJS.Signals, number])[]): SignalAnswer[] {
  let memory = noSignals
  return heard.map(([signal, at]) => {
    const result = hearSignal(memory, signal, at)
    memory = result.memory
    return result.answer
  })
}

test('the first signal ends gracefully, the second at once, the third leaves', () => {
  expect(answers(['SIGINT', 0], ['SIGINT', 1_000], ['SIGINT', 2_000])).toEqual([
    'stop-gracefully',
    'stop-by-force',
    'exit',
  ])
})

test('a signal that a wrapper relays a second time must not count twice', () => {
  expect(answers(['SIGINT', 0], ['SIGINT', 3])).toEqual(['stop-gracefully', 'ignore'])
})

test('another kind of signal counts at once', () => {
  expect(answers(['SIGINT', 0], ['SIGTERM', 3])).toEqual(['stop-gracefully', 'stop-by-force'])
})
