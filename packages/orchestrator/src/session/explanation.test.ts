import { expect, test } from 'vitest'

import { matchingGlob } from './explanation.ts'

test.for([
  [['src/**', 'build.mjs'], 'build.mjs', 'build.mjs'],
  [['src/**', 'build.mjs'], 'src/a/b.ts', 'src/**'],
  [['prisma', 'src/**'], 'prisma/schema.prisma', 'prisma'],
  [['../shared/**'], '../shared/x.ts', '../shared/**'],
  [['src/**'], 'docs/a.md', null],
] as const)('of %j the one that takes %s is %s', ([globs, path, rule]) => {
  expect(matchingGlob(globs, path)).toBe(rule)
})
