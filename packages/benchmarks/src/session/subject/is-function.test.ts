import { expect, test } from 'vitest'

import { isFunction } from './is-function.ts'

test.for([
  ['/bin/node services/function-1/main.mjs', true],
  ['/bin/node --watch-preserve-output services/function-1/dist/main.mjs', true],
  ['/bin/node --watch --watch-preserve-output services/function-1/main.mjs', false],
  ['/bin/sh -c exec node services/function-1/main.mjs', false],
  ['/bin/node /modules/nodemon.js --exec node services/function-1/main.mjs', false],
] as const)('"%s" is a function: %s', ([command, expected]) => {
  expect(isFunction({ command })).toBe(expected)
})
