import fc from 'fast-check'
import { expect, test } from 'vitest'

import { isBatonStatus, outcomeOf, statusOf } from './status.ts'

test.for([
  [{ status: 'ok', exitCode: 0 }, '0', { status: 'ok', exitCode: 0 }],
  [{ status: 'failed', exitCode: 3 }, '3', { status: 'failed', exitCode: 3 }],
  [{ status: 'failed', signal: 'SIGTERM' }, 'sterm', { status: 'failed', signal: 'SIGTERM' }],
  [{ status: 'failed' }, '1', { status: 'failed', exitCode: 1 }],
  [{ status: 'failed', exitCode: 0 }, '1', { status: 'failed', exitCode: 1 }],
  [{ status: 'failed', exitCode: 3_221_225_786 }, '255', { status: 'failed', exitCode: 255 }],
  [{ status: 'aborted' }, 'a', { status: 'aborted' }],
  [{ status: 'crashed' }, 'x', { status: 'crashed' }],
] as const)('%o stands in a name as %s', ([outcome, text, back]) => {
  expect(statusOf(outcome)).toBe(text)
  expect(outcomeOf(text)).toEqual(back)
})

test('a lock that was never held has no outcome', () => {
  expect(outcomeOf('new')).toBeUndefined()
})

test('nothing but success stands as 0, and every outcome has a valid form', () => {
  const outcome = fc.record({
    status: fc.constantFrom('ok' as const, 'failed' as const, 'aborted' as const),
    exitCode: fc.integer(),
    signal: fc.string(),
  })
  fc.assert(
    fc.property(outcome, (value) => {
      const text = statusOf(value)
      expect(isBatonStatus(text)).toBe(true)
      expect(text === '0').toBe(value.status === 'ok')
    }),
  )
})
