import { expect, test } from 'vitest'

import { blockedOn } from './blocked-line.ts'

test.for([
  ['    Blocking waiting for file lock on build directory', 'build directory'],
  [
    '\u001B[1m\u001B[36m    Blocking\u001B[0m waiting for file lock on package cache',
    'package cache',
  ],
  ['    Blocking waiting for file lock on artifact directory', 'artifact directory'],
  ['   Compiling blocking v1.0.0', null],
  ['Blocking waiting', null],
  ['', null],
] as const)('%j waits for %j', ([line, what]) => {
  expect(blockedOn(line)).toBe(what)
})
