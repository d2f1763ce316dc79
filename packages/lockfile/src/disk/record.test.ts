import fc from 'fast-check'
import { expect, test } from 'vitest'

import { type HolderRecord, formatRecord, parseRecord } from './record.ts'

const record: HolderRecord = {
  v: 1,
  where: 'aaaabbbbcccc',
  nonce: '0123456789abcdef',
  pid: 77,
  dir: { dev: 1, ino: 2 },
  phase: 'held',
  label: 'VS Code',
  purpose: 'building orders',
  host: 'laptop',
  key: 'k',
  startedAt: 1,
  heartbeatMs: 1_000,
  group: { id: 80, start: '5', job: '0123456789abcdef' },
  kill: { pid: 80, start: '5', group: true },
  answers: false,
  data: { socket: '/run/x' },
}

test('a record comes back from its text', () => {
  expect(parseRecord(formatRecord(record))).toEqual(record)
})

test('the rest of a longer predecessor is not read', () => {
  expect(parseRecord(`${formatRecord(record)}{"v":1,"old":true}\n`)).toEqual(record)
})

test('fields of a later version are ignored', () => {
  const text = JSON.stringify({ ...record, mood: 'good', label: record.label })
  expect(parseRecord(text)).toEqual(record)
})

test('control characters of a hostile label do not reach a terminal', () => {
  const text = JSON.stringify({ ...record, label: '\u001B[2J\u001B]0;pwned\u0007\u202Eok' })
  expect(parseRecord(text)?.label).toBe('[2J]0;pwnedok')
})

test.for([0, 1, -1, 2 ** 31, 1.5, '80', null])('a group %s is nobody to signal', (id) => {
  const text = JSON.stringify({ ...record, group: { ...record.group, id }, kill: { pid: id } })
  expect(parseRecord(text)).toMatchObject({ group: null, kill: null })
})

test('any text has an answer', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const parsed = parseRecord(text)
      expect(parsed === null || parsed.v === 1).toBe(true)
    }),
  )
})
