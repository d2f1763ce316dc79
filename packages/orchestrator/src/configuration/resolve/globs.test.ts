import { expect, test } from 'vitest'

import { escapeGlob, resolveGlob } from './globs.ts'

test.for([
  ['src/**', '', 'src/**'],
  ['src/**', 'services/orders', 'services/orders/src/**'],
  ['**', 'services/orders', 'services/orders/**'],
  ['/prisma/schema.prisma', 'services/orders', 'prisma/schema.prisma'],
  ['../../prisma/*', 'services/orders', 'prisma/*'],
  ['./a//b', 'x', 'x/a/b'],
  ['src', 'x', 'x/src'],
  ['src/', 'x', 'x/src/**'],
  ['.', 'x', 'x/**'],
  ['/', 'x', '**'],
  ['..', 'x/y', 'x/**'],
  ['*.ts', 'app/[id]', 'app/\\[id\\]/*.ts'],
] as const)('%s in "%s" is %s', ([pattern, cwd, glob]) => {
  expect(resolveGlob(pattern, cwd)).toEqual({ glob, excludes: false, isOutside: false })
})

test('a pattern that begins with "!" excludes', () => {
  expect(resolveGlob('!**/*.test.ts', 'x')).toEqual({
    glob: 'x/**/*.test.ts',
    excludes: true,
    isOutside: false,
  })
})

test.for([
  ['../x', '', '../x'],
  ['../../../x', 'a/b', '../x'],
  ['/../x', 'a', '../x'],
] as const)('%s in "%s" lies outside', ([pattern, cwd, glob]) => {
  expect(resolveGlob(pattern, cwd)).toEqual({ glob, excludes: false, isOutside: true })
})

test('a path is escaped so that it matches itself', () => {
  expect(escapeGlob('app/(group)/[id]/{x}/*?!')).toBe('app/\\(group\\)/\\[id\\]/\\{x\\}/\\*\\?\\!')
})
