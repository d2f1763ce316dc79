import { expect, test } from 'vitest'

import { attachConfiguration, inspectorAddress, withSessionVariables } from './debugging.ts'

test.for([
  ['Debugger listening on ws://127.0.0.1:40123/6f2d-1', { host: '127.0.0.1', port: 40123 }],
  ['Debugger listening on ws://[::1]:9229/6f2d-1', { host: '::1', port: 9229 }],
  ['ws://127.0.0.1:40123/0f2c936f-1', { host: '127.0.0.1', port: 40123 }],
  ['Debugger attached.', null],
  ['Debugger listening on ws://127.0.0.1:99x/', null],
] as const)('%s', ([line, address]) => {
  expect(inspectorAddress(line)).toEqual(address)
})

test('the debugger attaches to the inspector that the process told of', () => {
  const about = { target: 'api', run: 3, cwd: '/w/api', inspector: { host: '::1', port: 5 } }
  expect(attachConfiguration(about)).toMatchObject({
    type: 'node',
    request: 'attach',
    address: '::1',
    port: 5,
    singletrackRun: { target: 'api', run: 3 },
  })
})

test('a launch configuration gets the variables of the session, and its own win', () => {
  const configuration = { type: 'node', env: { PORT: '1' } }
  const session = { env: { PORT: '3001', REGION: 'eu' }, cwd: '/w/api' }
  expect(withSessionVariables(configuration, session)).toEqual({
    type: 'node',
    env: { PORT: '1', REGION: 'eu' },
    cwd: '/w/api',
  })
})
