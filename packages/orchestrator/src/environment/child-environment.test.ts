import { expect, test } from 'vitest'

import { childEnvironment } from './child-environment.ts'

const options = { inherited: { PATH: '/bin' }, own: {}, job: 'nonce', colors: false } as const

test('a child inherits the environment and carries the mark of its job', () => {
  expect(childEnvironment(options)).toEqual({
    PATH: '/bin',
    PYTHONUNBUFFERED: '1',
    SINGLETRACK_JOB: 'nonce',
  })
})

test('the variables of the target win over inherited ones', () => {
  expect(childEnvironment({ ...options, own: { PATH: '/own' } })['PATH']).toBe('/own')
})

test('a run must not inherit the locks of an outer build', () => {
  expect(
    childEnvironment({ ...options, inherited: { SINGLETRACK_HELD: '[]' } }),
  ).not.toHaveProperty('SINGLETRACK_HELD')
})

test('a build passes on the locks it holds', () => {
  expect(
    childEnvironment({ ...options, held: { SINGLETRACK_HELD: '["x"]' } })['SINGLETRACK_HELD'],
  ).toBe('["x"]')
})

test('colors are asked for only when our own output has them', () => {
  expect(childEnvironment(options)).not.toHaveProperty('FORCE_COLOR')
  expect(childEnvironment({ ...options, colors: true })).toMatchObject({
    FORCE_COLOR: '1',
    CARGO_TERM_COLOR: 'always',
  })
})

test('what the user decided about colors stays', () => {
  expect(
    childEnvironment({ ...options, colors: true, inherited: { FORCE_COLOR: '0' } })['FORCE_COLOR'],
  ).toBe('0')
  expect(
    childEnvironment({ ...options, colors: true, inherited: { NO_COLOR: '1' } }),
  ).not.toHaveProperty('CARGO_TERM_COLOR')
})
