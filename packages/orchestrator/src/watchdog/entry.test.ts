import fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  type WatchdogEntry,
  type WatchdogLine,
  applyLine,
  emptyList,
  parseWatchdogLine,
} from './entry.ts'

const entry: WatchdogEntry = {
  pid: 4_000_000,
  startTime: '123',
  nonce: '0123456789abcdef',
  role: 'run',
  target: 'api',
  stop: null,
}

const listed = (...lines: readonly WatchdogLine[]): readonly number[] => [
  ...lines.reduce(applyLine, emptyList).entries.keys(),
]

test('a child is on the list from its record until it is forgotten', () => {
  expect(listed({ op: 'add', id: 1, entry })).toEqual([entry.pid])
  expect(listed({ op: 'add', id: 1, entry }, { op: 'remove', pid: entry.pid })).toEqual([])
})

test('a session that ended in order leaves an empty list', () => {
  expect(listed({ op: 'add', id: 1, entry }, { op: 'end' })).toEqual([])
})

test('a line reads as it was written', () => {
  const line: WatchdogLine = {
    op: 'add',
    id: 7,
    entry: { ...entry, stop: { argv: ['docker', 'stop'], cwd: '/w', env: { A: '1' } } },
  }
  expect(parseWatchdogLine(JSON.stringify(line))).toEqual(line)
})

test.for([
  ['a torn line', '{"op":"add","id":1,"ent'],
  ['process 1', JSON.stringify({ op: 'add', id: 1, entry: { ...entry, pid: 1 } })],
  ['a negative number, which would mean a group', JSON.stringify({ op: 'remove', pid: -5 })],
  ['a nonce that is none', JSON.stringify({ op: 'add', id: 1, entry: { ...entry, nonce: '' } })],
  [
    'a stop command that is a string',
    JSON.stringify({ op: 'add', id: 1, entry: { ...entry, stop: 'rm -rf /' } }),
  ],
] as const)('%s must not get on the list', ([, text]) => {
  expect(parseWatchdogLine(text)).toBeNull()
})

test('no text whatever breaks the reader', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const line = parseWatchdogLine(text)
      expect(line === null || typeof line.op === 'string').toBe(true)
    }),
  )
})
