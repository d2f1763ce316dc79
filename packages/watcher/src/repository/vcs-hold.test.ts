import { expect, test } from 'vitest'

import { holdUntil } from './vcs-hold.ts'

const NOW = 100_000

/** What git left in `/g`, by name, with the time it was made. */
type GitFiles = Readonly<Record<string, number>>

test.for<readonly [string, GitFiles, number, number | undefined]>([
  ['no lock holds nothing', {}, NOW, undefined],
  [
    'a lock holds until two seconds after the last change',
    { 'index.lock': NOW - 10 },
    NOW - 500,
    NOW + 1_500,
  ],
  [
    'a lock without a change for two seconds holds no more',
    { 'index.lock': NOW - 10 },
    NOW - 2_001,
    undefined,
  ],
  ['a lock holds for thirty seconds at most', { 'index.lock': NOW - 29_900 }, NOW, NOW + 100],
  [
    'a lock that somebody left behind holds nothing',
    { 'index.lock': NOW - 31_000 },
    NOW,
    undefined,
  ],
  [
    'a rebase holds for half a second after a change',
    { 'rebase-merge': NOW - 90_000 },
    NOW - 100,
    NOW + 400,
  ],
  [
    'a rebase that waits for somebody holds nothing',
    { 'rebase-apply': NOW - 90_000 },
    NOW - 600,
    undefined,
  ],
])('%s', ([, files, lastChangeAtMs, expected]) => {
  const question = { nowMs: NOW, lastChangeAtMs, holdMs: 2_000 }
  expect(holdUntil(['/g'], question, (path) => files[path.slice('/g/'.length)])).toBe(expected)
})

test('the hold can be turned off', () => {
  expect(
    holdUntil(['/g'], { nowMs: NOW, lastChangeAtMs: NOW, holdMs: 0 }, () => NOW),
  ).toBeUndefined()
})
