import { expect, test } from 'vitest'

import { type CorsOptions, corsHeaders, preflightHeaders } from './cors.ts'

const page = 'http://localhost:5173'
const asking = {
  method: 'OPTIONS',
  headers: {
    origin: page,
    'access-control-request-method': 'PUT',
    'access-control-request-headers': 'x-own',
  },
}
const no = { vary: 'Origin' }

test.for<readonly [string, CorsOptions, Record<string, string>]>([
  ['nothing is configured', {}, no],
  ['another page is', { allowOrigins: ['http://localhost:3000'] }, no],
  ['the page is', { allowOrigins: [page] }, { 'access-control-allow-origin': page, ...no }],
  [
    'everything is',
    { allowOrigins: ['*'], allowMethods: ['*'], allowHeaders: ['*'] },
    {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': '*',
      'access-control-allow-headers': '*',
      ...no,
    },
  ],
  [
    // A browser takes "*" for a name where it sends cookies.
    'everything is, with cookies',
    { allowOrigins: ['*'], allowMethods: ['*'], allowHeaders: ['*'], allowCredentials: true },
    {
      'access-control-allow-origin': page,
      'access-control-allow-methods': 'PUT',
      'access-control-allow-headers': 'x-own',
      'access-control-allow-credentials': 'true',
      ...no,
    },
  ],
])('a preflight when %s', ([, cors, headers]) => {
  expect(preflightHeaders(cors, asking)).toEqual(headers)
})

test('a request of no page is told that the answer depends on it', () => {
  expect(corsHeaders({ allowOrigins: ['*'] }, { method: 'GET', headers: {} })).toEqual(no)
})
