import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { TOOL_OUTPUT } from '../test/support/tool-output.ts'
import { taskMatchers } from './model/task-definitions.ts'

interface Pattern {
  readonly regexp: string
  readonly file?: number
  readonly line?: number
  readonly column?: number
  readonly severity?: number
  readonly code?: number
  readonly message?: number
}

interface Contributions {
  readonly problemPatterns: readonly (
    | (Pattern & { readonly name: string })
    | { readonly name: string; readonly patterns: readonly Pattern[] }
  )[]
  readonly problemMatchers: readonly {
    readonly name: string
    readonly pattern: string
    readonly background?: { readonly beginsPattern: string; readonly endsPattern: string }
  }[]
}

const manifest: { readonly contributes: Contributions } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
)
const { problemMatchers, problemPatterns } = manifest.contributes

const PARTS = ['severity', 'code', 'file', 'line', 'column', 'message'] as const

/** What a matcher makes of lines, as the editor does it: all its patterns in a row, or nothing. */
function problemsIn(lines: readonly string[], matcher: string): readonly string[] {
  const name = problemMatchers.find((each) => `$${each.name}` === matcher)?.pattern.slice(1)
  const found = problemPatterns.find((each) => each.name === name)
  if (found === undefined) throw new Error(`no matcher ${matcher}`)
  const patterns = 'patterns' in found ? found.patterns : [found]
  return lines.flatMap((_line, start) => {
    const parts = new Map<string, string>()
    for (const [index, pattern] of patterns.entries()) {
      const match = new RegExp(pattern.regexp).exec(lines[start + index] ?? '')
      if (match === null) return []
      for (const part of PARTS) {
        const text = match[pattern[part] ?? Infinity]
        if (text !== undefined) parts.set(part, text)
      }
    }
    const place = [parts.get('file'), parts.get('line'), parts.get('column')].join(':')
    const kind = (parts.get('severity') ?? 'error').toLowerCase()
    const code = parts.get('code')
    return [`${place} ${kind}${code === undefined ? '' : ` ${code}`}: ${parts.get('message')}`]
  })
}

test.for<[keyof typeof TOOL_OUTPUT, readonly string[]]>([
  [
    'tsc --pretty false',
    [
      "src/a.ts:1:7 error TS2322: Type 'string' is not assignable to type 'number'.",
      "src/a.ts:1:30 error TS2322: Type 'number' is not assignable to type 'string'.",
      "src/b.ts:1:1 error TS2304: Cannot find name 'nope'.",
    ],
  ],
  [
    'tsc --pretty',
    [
      "src/a.ts:1:7 error TS2322: Type 'string' is not assignable to type 'number'.",
      "src/a.ts:1:30 error TS2322: Type 'number' is not assignable to type 'string'.",
    ],
  ],
  [
    'esbuild',
    [
      'src/c.ts:2:18 warning: Duplicate key "b" in object literal [duplicate-object-key]',
      'src/c.ts:1:7 error: Could not resolve "./gone.ts"',
    ],
  ],
  [
    'cargo',
    [
      'src/main.rs:5:20 error E0425: cannot find value `totl` in this scope',
      'src/main.rs:4:22 error E0308: mismatched types',
    ],
  ],
  ['go', ['./main.go:4:2 error: declared and not used: x', './main.go:5:2 error: undefined: y']],
  [
    'gcc',
    [
      'src/a.c:2:11 warning: initialization of ‘int’ from ‘char *’ makes integer from pointer without a cast [-Wint-conversion]',
      'src/a.c:3:10 error: ‘b’ undeclared (first use in this function)',
    ],
  ],
])('a build task finds each problem of %s once', ([tool, expected]) => {
  const lines = TOOL_OUTPUT[tool].split('\n')
  const found = taskMatchers({ type: 'singletrack', task: 'build' }, false).flatMap((matcher) =>
    problemsIn(lines, matcher),
  )
  expect(found).toEqual(expected)
})

test('a watch task finds no problem, since its session lists them', () => {
  const lines = Object.values(TOOL_OUTPUT).flatMap((text) => text.split('\n'))
  expect(problemsIn(lines, '$singletrack-watch')).toEqual([])
})

test.for([
  ['api           building: node build.mjs api', 'begins'],
  ['api           building with web: cargo build -p api -p web', 'begins'],
  ['singletrack   changed: services/api/main.mjs', 'begins'],
  ['api           built in 1.2 s, outputs unchanged', 'ends'],
  ['api           build failed after 51 ms (exit code 1)', 'ends'],
  ['api           ready after 80 ms', 'ends'],
  ['api         │ building: a house', null],
  ['api         │ ready to go', null],
  ['api           queued, services/api/main.mjs changed', null],
] as const)('while watching, %j %s', ([line, expected]) => {
  const background = problemMatchers.find(({ name }) => name === 'singletrack-watch')?.background
  const begins = new RegExp(background?.beginsPattern ?? '^').test(line)
  const ends = new RegExp(background?.endsPattern ?? '^').test(line)
  expect({ begins, ends }).toEqual({ begins: expected === 'begins', ends: expected === 'ends' })
})
