import { expect, test } from 'vitest'

import { isReplaceableShellLine } from './replaceable-shell.ts'

const isProgram = (word: string): boolean => ['node', './run', 'time', 'cd'].includes(word)

test.for([
  ['node', true],
  ['node server.js --port=1 a@b %x +y,z:', true],
  ['./run a', true],
  ['missing a', false],
  ['time node', false],
  ['cd dir', false],
  ['A=1 node', false],
  ['node a && node b', false],
  ['node a; node b', false],
  ['node | node', false],
  ['node a & node b', false],
  ['node\nnode', false],
  ['node > log', false],
  ['node $HOME', false],
  ['node "a b"', false],
  ["node 'a'", false],
  ['node `a`', false],
  ['node *.js', false],
  ['node ~', false],
  ['node # comment', false],
  ['node  two', false],
  ['(node)', false],
  ['! node', false],
  ['', false],
] as const)('%j: %j', ([line, expected]) => {
  expect(isReplaceableShellLine(line, isProgram)).toBe(expected)
})
