import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

interface Pattern {
  readonly name: string
  readonly regexp: string
  readonly file: number
  readonly line: number
  readonly column?: number
  readonly severity?: number
  readonly code?: number
  readonly message: number
}

interface Contributions {
  readonly problemPatterns: readonly Pattern[]
  readonly problemMatchers: readonly {
    readonly name: string
    readonly owner: string
    readonly pattern: string
    readonly background?: { readonly beginsPattern: string; readonly endsPattern: string }
  }[]
}

const manifest: { readonly contributes: Contributions } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)
const { problemMatchers, problemPatterns } = manifest.contributes

const PARTS = ['file', 'line', 'column', 'severity', 'code', 'message'] as const

/** What a matcher makes of a line, as the editor does it. */
function problemIn(line: string, matcher: string): readonly (string | undefined)[] | null {
  const name = problemMatchers.find((each) => each.name === matcher)?.pattern.slice(1)
  const pattern = problemPatterns.find((each) => each.name === name)
  if (pattern === undefined) throw new Error(`no matcher ${matcher}`)
  const match = new RegExp(pattern.regexp).exec(line)
  return match === null ? null : PARTS.map((part) => match[pattern[part] ?? Infinity])
}

test.for<[string, readonly (string | undefined)[]]>([
  [
    "/w/src/a.ts:1:7: error TS2322: Type 'string' is not assignable to type 'number'.",
    ['/w/src/a.ts', '1', '7', 'error', 'TS2322', "Type 'string' is not assignable to…"],
  ],
  [
    '/w/my app/src/main.rs:4: warning: unused variable: `total`',
    ['/w/my app/src/main.rs', '4', undefined, 'warning', undefined, 'unused variable: `total`'],
  ],
  [
    'c:\\w\\src\\a.js:2:1: error no-undef: nope is not defined',
    ['c:\\w\\src\\a.js', '2', '1', 'error', 'no-undef', 'nope is not defined'],
  ],
])('a build task finds the problem in %j', ([line, expected]) => {
  const found = problemIn(line, 'singletrack')?.map((part) =>
    part?.replace("assignable to type 'number'.", 'assignable to…'),
  )
  expect(found).toEqual(expected)
})

test.for([
  'api         │ src/a.ts(1,7): error TS2322: it is wrong',
  'api         │ /w/src/a.ts:1:7: error: it is wrong',
  'api           build failed after 51 ms (exit code 1)',
  'api             /w/src/a.ts:1:7 it is wrong',
])('a problem is told by its own line alone, so that it is there once: not by %j', (line) => {
  expect(problemIn(line, 'singletrack')).toBeNull()
})

test('a watch task finds no problem, since its session lists them', () => {
  expect(problemIn('/w/src/a.ts:1:7: error: it is wrong', 'singletrack-watch')).toBeNull()
})

test('problems of tasks have the owner of those of sessions, which take their place', () => {
  expect(problemMatchers.map(({ owner }) => owner)).toEqual(['singletrack', 'singletrack'])
})

test.for([
  ['api           building: node build.mjs api', 'begins'],
  ['api           building with web: cargo build -p api -p web', 'begins'],
  ['api           starting: node main.mjs (pid 4711)', 'begins'],
  ['singletrack   waits for changes', 'ends'],
  ['api           built in 1.2 s, outputs unchanged', null],
  ['api           build failed after 51 ms (exit code 1)', null],
  ['api           ready after 80 ms', null],
  // Nothing may come of these.
  ['singletrack   changed: services/api/main.mjs', null],
  ['api           queued, services/api/main.mjs changed', null],
  ['api         │ building: a house', null],
  ['api         │ waits for changes', null],
] as const)('a watch is busy until the last target rests: %j %s', ([line, expected]) => {
  const background = problemMatchers.find(({ name }) => name === 'singletrack-watch')?.background
  const begins = new RegExp(background?.beginsPattern ?? '^').test(line)
  const ends = new RegExp(background?.endsPattern ?? '^').test(line)
  expect({ begins, ends }).toEqual({ begins: expected === 'begins', ends: expected === 'ends' })
})
