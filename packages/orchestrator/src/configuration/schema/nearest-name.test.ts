import { expect, test } from 'vitest'

import { didYouMean, nearestName } from './nearest-name.ts'

test.for([
  ['comand', ['command', 'cwd'], 'command'],
  ['Watch', ['watch', 'build'], 'watch'],
  ['TERM', ['SIGTERM', 'SIGINT'], 'SIGTERM'],
  ['dependOn', ['dependsOn', 'start'], 'dependsOn'],
  ['zebra', ['watch', 'build'], null],
  ['x', [], null],
] as const)('%s among %j is %s', ([name, known, nearest]) => {
  expect(nearestName(name, known)).toBe(nearest)
})

test('without a near name the known ones are listed', () => {
  expect(didYouMean('zebra', ['api', 'web'], 'targets')).toBe('targets: api, web')
  expect(didYouMean('zebra', [], 'targets')).toBe(null)
})

test('a name of a megabyte is compared with nothing', () => {
  expect(nearestName('x'.repeat(1_000_000), ['x'])).toBe(null)
})
