import { expect, test } from 'vitest'

import { outputLinks } from './output-links.ts'

const found = (text: string): readonly unknown[] =>
  outputLinks(text).map(({ column, end, file, line, start }) => [
    text.slice(start, end),
    file,
    line,
    column,
  ])

test.for<[string, readonly unknown[]]>([
  ['src/a.ts:3:7: no', [['src/a.ts:3:7', 'src/a.ts', 3, 7]]],
  [
    '  --> crates/x/src/main.rs:12:5',
    [['crates/x/src/main.rs:12:5', 'crates/x/src/main.rs', 12, 5]],
  ],
  ['src/a.ts(3,7): error TS2304', [['src/a.ts(3,7)', 'src/a.ts', 3, 7]]],
  ['    at run (/w/dist/a.mjs:10:3)', [['/w/dist/a.mjs:10:3', '/w/dist/a.mjs', 10, 3]]],
  ['C:\\w\\a.ts:3:7', [['C:\\w\\a.ts:3:7', 'C:\\w\\a.ts', 3, 7]]],
  ['main.go:9: undefined: x', [['main.go:9', 'main.go', 9, null]]],
  ['listening on http://localhost.test:3001/a', []],
  ['listening on 127.0.0.1:3001', []],
  ['12:03:44 took 3 s', []],
  ['    at file:///w/dist/a.mjs:10:3', [['file:///w/dist/a.mjs:10:3', '/w/dist/a.mjs', 10, 3]]],
  [
    'at file:///w/my%20shop/a.mjs:1',
    [['file:///w/my%20shop/a.mjs:1', '/w/my shop/a.mjs', 1, null]],
  ],
  ['file:///C:/w/a.mjs:1:1', [['file:///C:/w/a.mjs:1:1', 'C:/w/a.mjs', 1, 1]]],
  ['läden/straße.ts:3:7: nein', [['läden/straße.ts:3:7', 'läden/straße.ts', 3, 7]]],
  ['https://localhost.test/a.mjs:10:3', []],
])('%s', ([text, links]) => {
  expect(found(text)).toEqual(links)
})

test('a folder with spaces in its name is known, and its files are places', () => {
  const line = 'error in /w/Läden & Märkte #1/src/a.ts:3:7: no'
  const [link] = outputLinks(line, ['/w/Läden & Märkte #1'])
  expect(link?.file).toBe('/w/Läden & Märkte #1/src/a.ts')
  expect(line.slice(link?.start, link?.end)).toBe('/w/Läden & Märkte #1/src/a.ts:3:7')
})

test('a very long line must not be searched', () => {
  expect(outputLinks(`${'a/'.repeat(5_000)}b.ts:1:1`)).toEqual([])
})
