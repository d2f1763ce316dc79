import * as fc from 'fast-check'
import picomatch from 'picomatch'
import { expect, test } from 'vitest'

import { expandBraces } from '../glob/expand-braces.ts'
import { type TargetGlobs, compileTarget } from './compiled-target.ts'
import { findCoverage } from './coverage.ts'
import { findTargets } from './dispatcher.ts'
import { PatternTrie } from './pattern-trie.ts'

const ROOT = '/work/root'

/** The definition, one target and one pattern after the other, with nothing clever. */
function naively(targets: readonly TargetGlobs[], path: string): string[] {
  return targets.filter((target) => wants(target, path)).map(({ id }) => id)
}

function wants(target: TargetGlobs, path: string): boolean {
  const negated = target.include.filter((glob) => glob.startsWith('!') && !glob.startsWith('!('))
  const positive = target.include.filter((glob) => !negated.includes(glob))
  const excludes = [
    ...(target.exclude ?? []),
    ...(target.outputs ?? []),
    ...negated.map((glob) => glob.slice(1)),
  ]
  return (
    positive.some((glob) => includes(glob, path)) && !excludes.some((glob) => excluded(glob, path))
  )
}

const MAGIC = /[*?[\]{}()|\\"'^$]/

function includes(glob: string, path: string): boolean {
  return expandBraces(glob).some((one) => includesWhole(one, path))
}

function includesWhole(glob: string, path: string): boolean {
  const plain = glob.replace(/^\.\//, '').replace(/\/+$/, '')
  if (!MAGIC.test(plain)) return path === plain || path.startsWith(`${plain}/`)
  const full = glob.endsWith('/') ? `${plain}/**` : plain
  return picomatch.isMatch(path, full, { dot: true, flags: 's' })
}

function excluded(glob: string, path: string): boolean {
  const segments = path.split('/')
  const above = segments.map((_, at) => segments.slice(0, at + 1).join('/'))
  return above.some((one) => !/(?:^|\/)\.\.$/.test(one) && includes(glob, one))
}

const name = fc.constantFrom(
  'a',
  'b',
  'ab',
  '.a',
  'a.ts',
  'b.tsx',
  'ü',
  '日本',
  '.ts',
  'a b',
  '..a',
  'x+y',
  '@s',
)
const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((names) => names.join('/'))
const outside = fc.tuple(fc.constantFrom('../', '../../'), path).map(([up, rest]) => `${up}${rest}`)

const piece = fc.oneof(
  { weight: 4, arbitrary: name },
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      '*',
      '**',
      '*.ts',
      '*.{ts,tsx}',
      'a*',
      '?',
      '[ab]',
      '[!a]*',
      '@(a|b)',
      '!(a)',
      '!(a|b).ts',
      '+(a|b)',
      '*(a)',
      '{a,b}',
      '{a,b/**}',
      '{a,{b,ab}}',
      'a{,b}',
      '.*',
      '{ab,a*}',
      '**.ts',
    ),
  },
)
const glob = fc
  .tuple(
    fc.constantFrom('', '', '', './', '../'),
    fc.array(piece, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('', '', '', '/'),
  )
  .map(([before, pieces, after]) => `${before}${pieces.join('/')}${after}`)
const includeGlob = fc.oneof(
  { weight: 6, arbitrary: glob },
  { weight: 1, arbitrary: glob.map((one) => `!${one}`) },
)

const targets: fc.Arbitrary<TargetGlobs[]> = fc
  .array(
    fc.record({
      include: fc.array(includeGlob, { minLength: 1, maxLength: 3 }),
      exclude: fc.array(
        glob.filter((one) => !one.startsWith('!')),
        { maxLength: 2 },
      ),
      outputs: fc.array(
        glob.filter((one) => !one.startsWith('!')),
        { maxLength: 1 },
      ),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((found) => found.map((globs, at) => ({ id: `t${at}`, ...globs })))

/** Fewer cases on a loaded machine, not a failure. */
const LIMIT_MS = 15_000

function trieOf(globs: readonly TargetGlobs[]): PatternTrie {
  const trie = new PatternTrie()
  for (const one of globs) trie.add(compileTarget(one, ROOT))
  return trie
}

const idsFor = (trie: PatternTrie, at: string): string[] =>
  [...findTargets(trie, at, 0)].map(({ id }) => id).toSorted()

test('the trie finds exactly the targets that testing every glob finds', () => {
  const property = fc.property(
    targets,
    fc.array(fc.oneof(path, path, path, outside), { minLength: 1, maxLength: 8 }),
    (globs, paths) => {
      const trie = trieOf(globs)
      for (const at of paths)
        expect({ at, ids: idsFor(trie, at) }).toEqual({ at, ids: naively(globs, at).toSorted() })
    },
  )
  fc.assert(property, { numRuns: 3_000, interruptAfterTimeLimit: LIMIT_MS })
})

test('every directory on the way to a path that somebody gets is needed', () => {
  const property = fc.property(targets, path, (globs, at) => {
    const trie = trieOf(globs)
    if (findTargets(trie, at, 0).size === 0) return
    const segments = at.split('/')
    for (const [depth, next] of segments.entries()) {
      const { all, names } = findCoverage(trie, segments.slice(0, depth), 0)
      expect({ depth, needed: all || names.has(next) }).toEqual({ depth, needed: true })
    }
  })
  fc.assert(property, { numRuns: 3_000, interruptAfterTimeLimit: LIMIT_MS })
})

test('removing targets leaves what the others had, and nothing of the removed', () => {
  const property = fc.property(
    targets,
    targets,
    fc.array(path, { maxLength: 5 }),
    (stay, go, paths) => {
      const trie = trieOf(stay)
      const gone = go.map((one) => compileTarget({ ...one, id: `gone-${one.id}` }, ROOT))
      for (const one of gone) trie.add(one)
      for (const one of gone) trie.remove(one)
      const fresh = trieOf(stay)
      for (const at of paths) expect(idsFor(trie, at)).toEqual(idsFor(fresh, at))
      expect(shape(trie)).toEqual(shape(fresh))
    },
  )
  fc.assert(property, { numRuns: 300, interruptAfterTimeLimit: LIMIT_MS })
})

/** The places where patterns begin; what is left of removed ones would show. */
function shape(trie: PatternTrie): string[] {
  const found: string[] = []
  const walk = (node: PatternTrie['root'], at: string): void => {
    found.push(`${at} ${node.groups.size} ${node.literals}`)
    for (const [segment, child] of node.children) walk(child, `${at}/${segment}`)
  }
  walk(trie.root, '')
  return found.toSorted()
}

test.for([
  ['src', 'src/deep/file.ts', true],
  ['src', 'src', true],
  ['src', 'srcs/file.ts', false],
  ['src/', 'src/file.ts', true],
  ['./src/../lib', 'lib/x', true],
  ['.', 'anything/at/all', true],
  ['/work/root/src/*.ts', 'src/a.ts', true],
  ['../root/src', 'src/a.ts', true],
  ['../shared/**', '../shared/x.ts', true],
  ['**', '../shared/x.ts', false],
  ['*.json', 'package.json', true],
  ['*.json', 'a/package.json', false],
  ['**/.env', '.env', true],
  ['{a,b}/**', 'b/x', true],
] as const)('%s takes %s: %s', ([pattern, at, expected]) => {
  const trie = trieOf([{ id: 'one', include: [pattern] }])
  expect(idsFor(trie, at).length > 0).toBe(expected)
})

test.for([
  [[''], 'one.include has "", which is not a glob'],
  [[1], 'one.include has 1, which is not a glob'],
  [['a\0b'], 'one.include has a pattern with a NUL character'],
  [['a'.repeat(40_000)], 'one.include has a pattern of 40000 characters'],
])('a pattern that is none is refused: %#', ([include, message]) => {
  const globs: TargetGlobs = JSON.parse(JSON.stringify({ id: 'one', include }))
  expect(() => compileTarget(globs, ROOT)).toThrow(String(message))
})

test('an exclude that is negated is refused, for it would exclude everything else', () => {
  expect(() => compileTarget({ id: 'one', include: ['**'], exclude: ['!src'] }, ROOT)).toThrow(
    'one.exclude has the pattern "!src", which would exclude everything else; leave out the "!"',
  )
})

test.for([
  ['{a,b}/**', ['a/**', 'b/**']],
  ['x/{a,{b,c}}.ts', ['x/a.ts', 'x/b.ts', 'x/c.ts']],
  ['{a,}b', ['ab', 'b']],
  ['{a}', ['{a}']],
  ['{a,b', ['{a,b']],
  ['{1..3}', ['{1..3}']],
  ['[{]a,b}', ['[{]a,b}']],
  ['@({a,b})', ['@({a,b})']],
  ['{a,b}'.repeat(7), ['{a,b}'.repeat(7)]],
] as const)('%s has the alternatives %j', ([pattern, expected]) => {
  expect(expandBraces(pattern)).toEqual(expected)
})
