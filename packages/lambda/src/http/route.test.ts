import { expect, test } from 'vitest'

import { type Route, route } from './route.ts'

const rows: readonly (readonly [string, Route])[] = [
  ['/', { kind: 'root' }],
  ['/2015-03-31/functions/api/invocations', { kind: 'invoke', functionName: 'api' }],
  [
    '/2015-03-31/functions/api/invocations?Qualifier=live',
    { kind: 'invoke', functionName: 'api', qualifier: 'live' },
  ],
  [
    '/2021-11-15/functions/%40scope%2Fapi/response-streaming-invocations',
    { kind: 'invoke-streaming', functionName: '@scope/api' },
  ],
  [
    '/lambda-url/api/a%20b/?q=1',
    { kind: 'function-url', functionName: 'api', rawPath: '/a%20b/', rawQueryString: 'q=1' },
  ],
  [
    '/api/2018-06-01/runtime/invocation/next',
    { kind: 'runtime', functionName: 'api', path: '/2018-06-01/runtime/invocation/next' },
  ],
  ['/2015-03-31/functions/api', { kind: 'unknown' }],
  ['/2015-03-31/functions/api/invocations/more', { kind: 'unknown' }],
  ['/2015-03-31/functions//invocations', { kind: 'malformed' }],
  ['/lambda-url/%E0%A4%A/', { kind: 'malformed' }],
  ['/lambda-url', { kind: 'malformed' }],
  ['/favicon.ico', { kind: 'unknown' }],
]

test.for(rows)('%s', ([target, expected]) => {
  expect(route(target)).toEqual(expected)
})

const pathLike = ['2015-03-31', '2021-11-15', '2018-06-01', 'functions', 'invocations', 'runtime']

test.for([...pathLike, 'lambda-url'])('a function called %s is told from the path', (name) => {
  expect(route(`/2015-03-31/functions/${name}/invocations`)).toEqual({
    kind: 'invoke',
    functionName: name,
  })
  expect(route(`/lambda-url/${name}/2018-06-01/`)).toEqual({
    kind: 'function-url',
    functionName: name,
    rawPath: '/2018-06-01/',
    rawQueryString: '',
  })
})

test.for(pathLike)('the Runtime API of a function called %s is told from the rest', (name) => {
  expect(route(`/${name}/2018-06-01/runtime/init/error`)).toEqual({
    kind: 'runtime',
    functionName: name,
    path: '/2018-06-01/runtime/init/error',
  })
})
