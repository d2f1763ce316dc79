import { expect, test } from 'vitest'

import { cargoLambdaEndpoint, prepareCargoLambda } from './cargo-lambda.ts'
import type { WorkspaceSpec } from './tool.ts'

const spec: WorkspaceSpec = {
  root: '/work',
  functions: [],
  shared: 'shared',
  cargo: 'lambda-functions',
  invocationPort: 15_123,
  watchesEverything: false,
}

test('one cargo lambda watch serves the workspace, where its functions are invoked', () => {
  expect(prepareCargoLambda(spec, '/bin/cargo-lambda')).toEqual([
    {
      command: [
        '/bin/cargo-lambda',
        'lambda',
        'watch',
        '--invoke-address',
        '127.0.0.1',
        '--invoke-port',
        '15123',
      ],
    },
  ])
  expect(cargoLambdaEndpoint(spec)).toBe('http://127.0.0.1:15123')
})
