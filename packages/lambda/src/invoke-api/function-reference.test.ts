import { expect, test } from 'vitest'

import { functionArn, parseFunctionReference } from './function-reference.ts'

test.for([
  ['api', undefined, { name: 'api', qualifier: undefined }],
  ['api:live', undefined, { name: 'api', qualifier: 'live' }],
  ['api', '$LATEST', { name: 'api', qualifier: '$LATEST' }],
  ['api:1', '1', { name: 'api', qualifier: '1' }],
  ['123456789012:function:api', undefined, { name: 'api', qualifier: undefined }],
  [
    'arn:aws:lambda:eu-west-1:123456789012:function:api:2',
    undefined,
    { name: 'api', qualifier: '2' },
  ],
  ['function', undefined, { name: 'function', qualifier: undefined }],
  ['@shop/orders', undefined, { name: '@shop/orders', qualifier: undefined }],
  ['api:1', '2', undefined],
  ['', undefined, undefined],
  ['api:', undefined, undefined],
  ['a:b:c', undefined, undefined],
] as const)('%s with qualifier %s', ([text, qualifier, expected]) => {
  expect(parseFunctionReference(text, qualifier)).toEqual(expected)
})

test('an ARN ends with the qualifier, if there is one', () => {
  expect(functionArn('eu-west-1', { name: 'api', qualifier: 'live' })).toBe(
    'arn:aws:lambda:eu-west-1:000000000000:function:api:live',
  )
})
