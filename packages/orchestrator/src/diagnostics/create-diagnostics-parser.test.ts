import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Diagnostics } from '../configuration/workspace.ts'
import { createDiagnosticsParser } from './create-diagnostics-parser.ts'
import type { Diagnostic } from './diagnostic.ts'

type Name = Extract<Diagnostics, { readonly kind: 'named' }>['name']

function parse(diagnostics: Diagnostics, text: string): readonly Diagnostic[] {
  const parser = createDiagnosticsParser(diagnostics)
  for (const line of text.split('\n')) parser.push(line)
  return parser.finish()
}

/** One line for each diagnostic, so that a whole list reads at a glance. */
function summary(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ severity, file, line, column, code, source, message }) =>
    [severity, source, file, line, column, code, message].map((part) => part ?? '-').join(' | '),
  )
}

const rustc = `   Compiling demo v0.1.0 (/x/demo)
\u001b[1m\u001b[33mwarning\u001b[0m\u001b[1m: unused import: \`std::fmt\`\u001b[0m
\u001b[1m\u001b[94m --> \u001b[0msrc/main.rs:1:5
  |
1 | use std::fmt;
  |     ^^^^^^^^
  |
  = note: \`#[warn(unused_imports)]\` (part of \`#[warn(unused)]\`) on by default

error[E0308]: mismatched types
 --> src/main.rs:4:21
  |
4 |     let s: String = 5;
  |            ------   ^ expected \`String\`, found integer
  |
note: associated function defined here
 --> /rustc/library/alloc/src/string.rs:1:2
help: try using a conversion method

Some errors have detailed explanations: E0308, E0425.
For more information about an error, try \`rustc --explain E0308\`.
warning: \`demo\` (bin "demo") generated 1 warning
error: could not compile \`demo\` (bin "demo") due to 1 previous error; 1 warning emitted`

const linker = `   Compiling demo v0.1.0 (/x/demo)
error: linking with \`cc\` failed: exit status: 1
  |
  = note: rust-lld: error: undefined symbol: nope

error: could not compile \`demo\` (bin "demo") due to 1 previous error`

const manifest = `error: unclosed table, expected \`]\`
 --> Cargo.toml:1:9
  |
1 | [package
  |         ^`

const tscPlain = `a.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.
  The expected type comes from property 'b'.
C:\\x\\b.ts(2,19): error TS2307: Cannot find module './nope'.
error TS5058: The specified path does not exist: '/x/nope.json'.`

const tscPretty = `\u001b[96ma.ts\u001b[0m:\u001b[93m4\u001b[0m:\u001b[93m10\u001b[0m - \u001b[91merror\u001b[0m\u001b[90m TS2322: \u001b[0mType 'string' is not assignable to type 'number'.

\u001b[7m4\u001b[0m f({ a: { b: 'x' } })
\u001b[7m \u001b[0m \u001b[91m         ~\u001b[0m

  \u001b[96ma.ts\u001b[0m:\u001b[93m3\u001b[0m:\u001b[93m22\u001b[0m - The expected type comes from property 'b'

Found 1 error in a.ts:4`

const esbuild = `▲ [WARNING] Comparison with -0 using the "==" operator will also match 0 [equals-negative-zero]

    b.js:1:20:
      1 │ let x = 1; if (x == -0) {}
        ╵                     ~~

✘ [ERROR] The symbol "x" has already been declared

    b.js:1:53:
      1 │ let x = 1; let x = 2
        ╵                ^

  The symbol "x" was originally declared here:

    b.js:1:4:
      1 │ let x = 1

X [ERROR] Could not resolve "./y" [plugin alias]
  This note has a place of its own.

    c.js:9:9:

2 warnings and 1 error`

const eslintStylish = `
/x/src/file.js
  1:10  error    'addOne' is defined but never used  no-unused-vars
  2:9   warning  Unexpected console statement        no-console
  3:1   error    Parsing error: Unexpected token

✖ 3 problems (2 errors, 1 warning)
`
const eslintUnix = `/x/a.js:1:10: 'x' is defined but never used. [Error/no-unused-vars]
/x/a.js:2:1: Unexpected console statement. [Warning/no-console]

2 problems`

const go = `# demo
./main.go:2:8: "fmt" imported and not used
./main.go:6:4: not enough arguments in call to f
\thave (number)
\twant (int, string)
vet: ./main.go:7:2: undefined: undefinedFn
go: downloading github.com/x/y v1.0.0
go: cannot find main module, but found .git/config in /x
    main_test.go:10: got 1, want 2`

const gnu = `src/a.c: In function ‘main’:
src/a.c:2:11: warning: initialization makes integer from pointer without a cast [-Wint-conversion]
    2 |   int a = "x";
      |           ^~~
src/a.c:3:10: error: ‘b’ undeclared (first use in this function)
src/a.c:3:10: note: each undeclared identifier is reported only once
src/a.c:9:10: fatal error: gone.h: No such file or directory
app/main.py:4: error: Incompatible return value type (got "str", expected "int")  [return-value]
C:\\x\\a.cpp:1:2: error: expected unqualified-id`

const cases: readonly [Name, string, string, readonly string[]][] = [
  [
    'cargo',
    'errors and warnings with the first place below them, without sums',
    rustc,
    [
      'warning | rustc | src/main.rs | 1 | 5 | - | unused import: `std::fmt`',
      'error | rustc | src/main.rs | 4 | 21 | E0308 | mismatched types',
    ],
  ],
  [
    'cargo',
    'an error of the linker, which has no place',
    linker,
    ['error | cargo | - | - | - | - | linking with `cc` failed: exit status: 1'],
  ],
  [
    'cargo',
    'an error in a manifest',
    manifest,
    ['error | rustc | Cargo.toml | 1 | 9 | - | unclosed table, expected `]`'],
  ],
  [
    'tsc',
    'plain output',
    tscPlain,
    [
      "error | tsc | a.ts | 1 | 7 | TS2322 | Type 'string' is not assignable to type 'number'.",
      "error | tsc | C:\\x\\b.ts | 2 | 19 | TS2307 | Cannot find module './nope'.",
      "error | tsc | - | - | - | TS5058 | The specified path does not exist: '/x/nope.json'.",
    ],
  ],
  [
    'tsc',
    'pretty output in colors, without the related places',
    tscPretty,
    ["error | tsc | a.ts | 4 | 10 | TS2322 | Type 'string' is not assignable to type 'number'."],
  ],
  [
    'esbuild',
    'columns counted from one, and never the place of a note',
    esbuild,
    [
      'warning | esbuild | b.js | 1 | 21 | equals-negative-zero | Comparison with -0 using the "==" operator will also match 0',
      'error | esbuild | b.js | 1 | 54 | - | The symbol "x" has already been declared',
      'error | esbuild | - | - | - | alias | Could not resolve "./y"',
    ],
  ],
  [
    'eslint',
    'the "stylish" formatter',
    eslintStylish,
    [
      "error | eslint | /x/src/file.js | 1 | 10 | no-unused-vars | 'addOne' is defined but never used",
      'warning | eslint | /x/src/file.js | 2 | 9 | no-console | Unexpected console statement',
      'error | eslint | /x/src/file.js | 3 | 1 | - | Parsing error: Unexpected token',
    ],
  ],
  [
    'eslint',
    'the "unix" formatter',
    eslintUnix,
    [
      "error | eslint | /x/a.js | 1 | 10 | no-unused-vars | 'x' is defined but never used.",
      'warning | eslint | /x/a.js | 2 | 1 | no-console | Unexpected console statement.',
    ],
  ],
  [
    'gnu',
    'what names a file, a line and a severity, and not the notes',
    gnu,
    [
      'warning | gnu | src/a.c | 2 | 11 | -Wint-conversion | initialization makes integer from pointer without a cast',
      'error | gnu | src/a.c | 3 | 10 | - | ‘b’ undeclared (first use in this function)',
      'error | gnu | src/a.c | 9 | 10 | - | gone.h: No such file or directory',
      'error | gnu | app/main.py | 4 | - | return-value | Incompatible return value type (got "str", expected "int")',
      'error | gnu | C:\\x\\a.cpp | 1 | 2 | - | expected unqualified-id',
    ],
  ],
  [
    'go',
    'compiler, vet and module errors, with the lines that explain them',
    go,
    [
      'error | go | ./main.go | 2 | 8 | - | "fmt" imported and not used',
      'error | go | ./main.go | 6 | 4 | - | not enough arguments in call to f have (number) want (int, string)',
      'error | go | ./main.go | 7 | 2 | - | undefined: undefinedFn',
      'error | go | - | - | - | - | cannot find main module, but found .git/config in /x',
    ],
  ],
]

test.for(cases)('%s reads %s', ([name, , text, expected]) => {
  expect(summary(parse({ kind: 'named', name }, text))).toEqual(expected)
})

test.for(cases)('auto reads what %s does: %s', ([, , text, expected]) => {
  expect(summary(parse({ kind: 'named', name: 'auto' }, text))).toEqual(expected)
})

test('auto reads several tools in one output', () => {
  const found = parse({ kind: 'named', name: 'auto' }, `${tscPlain}\n${esbuild}\n${go}`)
  expect(new Set(found.map((each) => each.source))).toEqual(new Set(['tsc', 'esbuild', 'go']))
})

test('auto does not take for a diagnostic what any tool may print', () => {
  const text = [
    'error: something went wrong',
    'warning: be careful',
    'Listening on http://localhost:3000',
    'at file.js:1:2',
    'Error: ENOENT: no such file or directory',
    '12:30:01 INFO server.go:12: started',
    '12:30:01: error: no connection',
    '2026/11/21 12:30:01: warning: slow',
    '2026-11-21T12:30:01: error: no connection',
  ].join('\n')
  expect(parse({ kind: 'named', name: 'auto' }, text)).toEqual([])
})

test('auto keeps an error without a place that comes before the output is known to be cargo’s', () => {
  const text = 'error: linking with `cc` failed\n\nerror: could not compile `demo` (bin "demo")'
  expect(summary(parse({ kind: 'named', name: 'auto' }, text))).toEqual([
    'error | cargo | - | - | - | - | linking with `cc` failed',
  ])
})

test('cargo’s JSON messages are read as its text is', () => {
  const message = {
    reason: 'compiler-message',
    message: {
      level: 'error',
      message: 'mismatched types',
      code: { code: 'E0308' },
      rendered: 'x'.repeat(20_000),
      spans: [
        { file_name: 'src/other.rs', line_start: 1, column_start: 2, is_primary: false },
        { file_name: 'src/main.rs', line_start: 4, column_start: 21, is_primary: true },
      ],
    },
  }
  const sum = {
    reason: 'compiler-message',
    message: { level: 'error', message: 'aborting due to 1 previous error', spans: [] },
  }
  const note = { reason: 'compiler-message', message: { level: 'failure-note', message: 'more' } }
  const text = [message, sum, note, message].map((each) => JSON.stringify(each)).join('\n')
  expect(summary(parse({ kind: 'named', name: 'cargo' }, text))).toEqual([
    'error | rustc | src/main.rs | 4 | 21 | E0308 | mismatched types',
  ])
})

test('a pattern of one’s own names what it finds', () => {
  const pattern =
    '^(?<severity>\\w+) in (?<file>\\S+) line (?<line>\\d+):(?<column>\\d+): (?<message>.*) <(?<code>\\w+)>$'
  const text = 'Error in a.x line 3:4: bad thing <X1>\nWarn in b.x line 5:6: odd thing <X2>\nfine'
  expect(summary(parse({ kind: 'pattern', pattern }, text))).toEqual([
    'error | pattern | a.x | 3 | 4 | X1 | bad thing',
    'warning | pattern | b.x | 5 | 6 | X2 | odd thing',
  ])
})

test('a pattern without groups takes the whole line for the message', () => {
  expect(summary(parse({ kind: 'pattern', pattern: '^FAIL' }, 'FAIL this\nok'))).toEqual([
    'error | pattern | - | - | - | - | FAIL this',
  ])
})

test('a pattern that backtracks without end does not hang the session, and says so', () => {
  const text = ['aab', `${'a'.repeat(60)}!`, 'b'].join('\n')
  expect(summary(parse({ kind: 'pattern', pattern: '^(a+)+b$' }, text))).toEqual([
    'error | pattern | - | - | - | - | aab',
    'warning | pattern | - | - | - | - | the pattern in "diagnostics" takes too long to match a line; nested repetitions such as "(a+)+" do that',
  ])
})

test('a pattern that backtracks on every line is given up', () => {
  const text = Array.from({ length: 1_000 }, () => `${'a'.repeat(60)}!`).join('\n')
  const found = parse({ kind: 'pattern', pattern: '^(a+)+b$' }, text)
  expect(found.map((each) => each.severity)).toEqual(['warning'])
})

test('a pattern that is none is refused with the engine’s words', () => {
  expect(() => createDiagnosticsParser({ kind: 'pattern', pattern: '(' })).toThrow(SyntaxError)
})

test('off finds nothing', () => {
  expect(parse({ kind: 'off' }, rustc)).toEqual([])
})

test('the same diagnostic is told once', () => {
  expect(parse({ kind: 'named', name: 'tsc' }, `${tscPlain}\n${tscPlain}`)).toHaveLength(3)
})

test('a build that prints errors without end yields a bounded list', () => {
  const parser = createDiagnosticsParser({ kind: 'named', name: 'tsc' })
  for (let line = 1; line <= 5_000; line += 1) parser.push(`a.ts(${line},1): error TS1: x`)
  expect(parser.finish()).toHaveLength(1_000)
})

test('no bytes of a build make a parser throw', () => {
  const fragments = fc.constantFrom(
    'error[E1]: ',
    ' --> a.rs:1:2',
    '{"reason":',
    '{"reason":"compiler-message"}',
    '{"reason":"compiler-message","message":{"level":"error","message":"m","spans":[null,7]}}',
    'a.ts(1,2)',
    '✘ [ERROR] ',
    '    a:1:2:',
    '/x/a.js',
    '  1:2  error  m',
    '\t',
    'x.go:1: m',
    '\u001b[',
    '\r',
  )
  const lines = fc.array(fc.oneof(fragments, fc.string({ unit: 'binary' })))
  fc.assert(
    fc.property(lines, (texts) => {
      const parser = createDiagnosticsParser({ kind: 'named', name: 'auto' })
      for (const text of texts) parser.push(text)
      expect(parser.finish().length).toBeLessThanOrEqual(texts.length)
    }),
  )
})
