import { expect, test } from 'vitest'

import { assertFunctionName, resolveFunctionOptions } from './function-options.ts'

test('every option has a default', () => {
  expect(resolveFunctionOptions('api', {})).toEqual({
    timeoutMs: 3000,
    concurrency: 1,
    queueLimit: 100,
    queueTimeoutMs: 900_000,
    initTimeoutMs: 30_000,
    idleMs: undefined,
    memoryMb: 128,
    startsInstances: true,
  })
})

test.for([
  [
    { timeoutMs: 0 },
    'timeoutMs of function api is 0; it must be a whole number from 1 to 2147483647',
  ],
  [{ concurrency: 1.5 }, 'concurrency of function api is 1.5;'],
  [{ queueLimit: -1 }, 'queueLimit of function api is -1;'],
  [{ idleMs: Number.NaN }, 'idleMs of function api is null;'],
] as const)('%j is refused with the option, the value and the rule', ([options, message]) => {
  expect(() => resolveFunctionOptions('api', options)).toThrow(message)
})

test.for([
  [{ allowOrigins: ['https://a.example, https://b.example'] }, 'cors.allowOrigins of function f'],
  [{ allowMethods: 'GET' as unknown as string[] }, 'cors.allowMethods of function f is "GET"'],
  [{ exposeHeaders: ['x\r\ny'] }, 'cors.exposeHeaders of function f'],
  [{ maxAgeSeconds: 86_401 }, 'cors.maxAgeSeconds of function f is 86401'],
] as const)('pages %j are refused', ([cors, words]) => {
  expect(() => resolveFunctionOptions('f', { cors })).toThrow(words)
})

test.for(['', 'a b', 'a:b', 'a?b', 'x'.repeat(141), '.', '..'])(
  '%j is no name for a function',
  (name) => {
    expect(() => assertFunctionName(name)).toThrow("cannot be a function's name")
  },
)
