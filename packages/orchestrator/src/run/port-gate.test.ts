import { expect, test } from 'vitest'

import { waitForFreePort } from './port-gate.ts'

/** A port that is taken for so long, on a clock that moves with every sleep. */
async function gate(
  takenForMs: number,
  abortAfterMs = Infinity,
): Promise<{ readonly result: string; readonly told: readonly string[]; readonly at: number }> {
  let now = 0
  const told: string[] = []
  const abort = new AbortController()
  const result = await waitForFreePort({
    port: 3001,
    isFree: async () => Promise.resolve(now >= takenForMs),
    holderOf: async () => Promise.resolve('nginx (pid 4)'),
    onTaken: (holder) => told.push(holder),
    signal: abort.signal,
    sleep: async (ms) => {
      now += ms
      if (now >= abortAfterMs) abort.abort()
      await Promise.resolve()
    },
    now: () => now,
  })
  return { result, told, at: now }
}

test('a free port lets the start through at once', async () => {
  expect(await gate(0)).toEqual({ result: 'free', told: [], at: 0 })
})

test('a port that becomes free soon is waited for in silence', async () => {
  expect(await gate(1_000)).toMatchObject({ result: 'free', told: [] })
})

test('a port that stays taken is reported once, with its holder, and still waited for', async () => {
  expect(await gate(60_000)).toMatchObject({ result: 'free', told: ['nginx (pid 4)'] })
})

test('a start that is no longer wanted must not wait for the port', async () => {
  expect(await gate(Infinity, 2_000)).toMatchObject({ result: 'aborted', told: [] })
})
