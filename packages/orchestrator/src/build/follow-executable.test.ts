import { expect, test } from 'vitest'

import { target } from '../../test/support/targets.ts'
import { followExecutable } from './follow-executable.ts'

const api = target('api', {
  outputs: ['target/debug/api'],
  build: {},
  run: { command: { kind: 'exec', argv: ['/workspace/target/debug/api', '--verbose'] } },
})
const elsewhere = '/workspace/target/wasm32-wasip1/debug/api'

test('the program is run and compared where cargo has made it', () => {
  expect(followExecutable(api, elsewhere, '/workspace')).toEqual({
    ...api,
    outputs: ['target/wasm32-wasip1/debug/api'],
    run: { ...api.run, command: { kind: 'exec', argv: [elsewhere, '--verbose'] } },
  })
})

test('outside of the root it is followed too', () => {
  const found = followExecutable(api, '/cache/[x]/debug/api', '/workspace')
  expect(found.outputs).toEqual(['../cache/\\[x\\]/debug/api'])
})

test.for([
  ['is where it was expected', api, '/workspace/target/debug/api'],
  ['is another program', api, '/workspace/target/debug/other'],
  ['is wrapped by a shell', { ...api, run: null }, elsewhere],
  ['is not the one output', { ...api, outputs: ['target/debug/api', 'assets/**'] }, elsewhere],
] as const)('a target whose program %s stays as it is', ([, given, executable]) => {
  expect(followExecutable(given, executable, '/workspace')).toBe(given)
})

test('a relative program counts from the directory of the target', () => {
  const relative = target('api', {
    cwd: '/workspace/crates',
    outputs: ['crates/target/debug/api'],
    run: { command: { kind: 'exec', argv: ['target/debug/api'] } },
  })
  expect(followExecutable(relative, '/x/debug/api', '/workspace').run?.command).toEqual({
    kind: 'exec',
    argv: ['/x/debug/api'],
  })
})
