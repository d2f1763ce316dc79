import { expect, test } from 'vitest'

import { DEFAULT_IGNORE } from '../configuration/default-ignore.ts'
import { type WatchedPaths, watchPatterns } from './watch-patterns.ts'

const app: WatchedPaths = {
  cwd: '/work/app',
  paths: ['/work/app'],
  extensions: [],
  ignore: [],
  isFile: (path) => /\.\w+$/.test(path),
}

test('without options, everything below the folder of the command counts', () => {
  expect(watchPatterns(app)).toEqual({
    root: '/work/app',
    include: ['**'],
    ignore: DEFAULT_IGNORE,
  })
})

test.for<[string, Partial<WatchedPaths>, readonly string[]]>([
  ['a folder', { paths: ['/work/app/src'] }, ['src']],
  ['two extensions', { extensions: ['ts', 'd.ts'] }, ['**/*.ts', '**/*.d.ts']],
  ['a folder and an extension', { paths: ['/work/app/src'], extensions: ['ts'] }, ['src/**/*.ts']],
  [
    'a file, which counts whatever its extension',
    { paths: ['/work/app/src', '/work/app/.env'], extensions: ['ts'] },
    ['src/**/*.ts', '.env'],
  ],
  ['the same path twice', { paths: ['/work/app/src', '/work/app/src'] }, ['src']],
  [
    'a folder whose name is no pattern although it looks like one',
    { paths: ['/work/app/[id]'] },
    ['\\[id\\]', '\\[id\\]/**'],
  ],
])('includes: %s', ([, options, include]) => {
  expect(watchPatterns({ ...app, ...options }).include).toEqual(include)
})

test('a path outside the folder of the command moves the root of the watcher up', () => {
  expect(
    watchPatterns({ ...app, paths: ['/work/app/src', '/work/shared'], extensions: ['ts'] }),
  ).toMatchObject({ root: '/work', include: ['app/src/**/*.ts', 'shared/**/*.ts'] })
})

test.for<readonly [string, string, string]>([
  ['*.log', '*.log', '*.log'],
  ['**/gen/*.ts', '**/gen/*.ts', '**/gen/*.ts'],
  ['dist/', 'dist/', 'dist/'],
  ['src/gen', '/src/gen', '/app/src/gen'],
  ['./gen', '/gen', '/app/gen'],
  ['/gen/', '/gen/', '/app/gen/'],
  ['/work/app/gen/', '/gen/', '/app/gen/'],
  ['../shared/gen', '/shared/gen', '/shared/gen'],
  ['!src/gen', '!/src/gen', '!/app/src/gen'],
  ['#notes', '\\#notes', '\\#notes'],
])('the ignore rule %s stays tied to the folder of the command', ([rule, here, above]) => {
  const ignored = (paths: readonly string[]): string | undefined =>
    watchPatterns({ ...app, paths, ignore: [rule] }).ignore.at(-1)
  expect([ignored(['/work/app']), ignored(['/work/app', '/work/shared'])]).toEqual([here, above])
})
