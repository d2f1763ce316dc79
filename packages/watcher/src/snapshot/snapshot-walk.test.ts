import { expect, test } from 'vitest'

import type { Change } from '../options.ts'
import type { SnapshotEntry } from './snapshot-file.ts'
import { takeBack } from './snapshot-walk.ts'

const state = { ino: 1, size: 1, mtimeMs: 1, ctimeMs: 1 }
const known: SnapshotEntry = { type: 'file', region: 0, state }
const changed: SnapshotEntry = { type: 'file', region: 0, state: undefined }

test.for<readonly [string, readonly Change[] | undefined, readonly [string, SnapshotEntry][]]>([
  ['what everybody was told stays', [], [['f', known]]],
  ['what is told to be added later is not known', [{ path: 'f', kind: 'add', type: 'file' }], []],
  [
    'what is told to have changed later has changed',
    [{ path: 'f', kind: 'change', type: 'file' }],
    [['f', changed]],
  ],
  [
    'what is told to be gone later is still known',
    [{ path: 'g', kind: 'unlink', type: 'file' }],
    [
      ['f', known],
      ['g', changed],
    ],
  ],
  ['if it is not known what was told, everything has changed', undefined, [['f', changed]]],
])('%s', ([, untold, expected]) => {
  const entries = new Map([['f', known]])
  takeBack(entries, untold)
  expect([...entries]).toEqual(expected)
})
