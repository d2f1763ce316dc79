import { expect, test } from 'vitest'

import { isTextBusy } from './text-busy.ts'

test.for([
  ['dash', 'gate: 1: exec: ./api: Text file busy'],
  ['bash', 'gate: line 1: /w/api: Text file busy'],
] as const)('what %s says of a program that is being written is one', ([, line]) => {
  expect(isTextBusy({ kind: 'code', code: 126 }, line)).toBe(true)
})

test('a program that merely exits with 126, or talks of it, is none', () => {
  expect(isTextBusy({ kind: 'code', code: 126 }, 'Permission denied')).toBe(false)
  expect(isTextBusy({ kind: 'code', code: 126 }, null)).toBe(false)
  expect(isTextBusy({ kind: 'code', code: 1 }, 'cp: Text file busy')).toBe(false)
  expect(isTextBusy({ kind: 'signal', signal: 'SIGKILL' }, ': Text file busy')).toBe(false)
})
