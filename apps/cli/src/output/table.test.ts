import { expect, test } from 'vitest'

import { table } from './table.ts'

test('columns are as wide as their widest cell, and lines end where their words do', () => {
  expect(
    table([
      ['TARGET', 'PHASE', 'LINK'],
      ['orders', 'build-failed', ''],
      ['a-long-name', 'ready', 'http://localhost:3001'],
    ]),
  ).toEqual([
    'TARGET       PHASE         LINK',
    'orders       build-failed',
    'a-long-name  ready         http://localhost:3001',
  ])
})
