import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { compileTarget } from '../dispatch/compiled-target.ts'
import { PatternTrie } from '../dispatch/pattern-trie.ts'
import { parseIgnoreOption } from './ignore-file.ts'
import { gitRulesReader } from './ignore-sources.ts'
import { WatchPolicy } from './watch-policy.ts'

/** Without git there is nothing to compare with. */
const hasGit = ((): boolean => {
  try {
    execFileSync('git', ['--version'])
    return true
  } catch {
    return false
  }
})()

const name = fc.constantFrom('a', 'b', 'ab', 'a.log', '.a', 'x y', 'a]', '!a', '#a', 'A')
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'))
const piece = fc.oneof(
  name,
  fc.constantFrom(
    '*',
    '**',
    '***',
    '?',
    '*.log',
    'a*',
    '*b',
    '[ab]',
    '[!a]',
    '[^a]*',
    '[a-z]',
    '[[:alpha:]]*',
    '[]a]',
    '[a',
    '\\a',
    '\\*',
    'a\\',
    '[\\]]',
    '[a-]',
    '**b',
    '[[:nope:]]',
    '{a,b}',
    '+(a)',
    'a ',
    '\\!a',
    '\\#a',
  ),
)
const line = fc
  .tuple(
    fc.constantFrom('', '', '', '!', '/', '!/', '#'),
    fc.array(piece, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '/', ' ', '\\ ', '\r'),
  )
  .map(([before, pieces, after]) => `${before}${pieces.join('/')}${after}`)
const ignoreFile = fc.array(line, { maxLength: 6 }).map((lines) => lines.join('\n'))

/** What git itself ignores, asked about files that exist. */
function ignoredByGit(root: string, paths: readonly string[]): string[] {
  const output = execFileSync(
    'git',
    ['ls-files', '--others', '--ignored', '--exclude-standard', '-z'],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    },
  )
  const ignored = new Set(output.split('\0'))
  return paths.filter((one) => ignored.has(one))
}

function ignoredByUs(root: string, paths: readonly string[]): string[] {
  const trie = new PatternTrie()
  trie.add(compileTarget({ id: 'all', include: ['**'] }, root))
  const policy = new WatchPolicy({
    root,
    trie,
    ignore: parseIgnoreOption([], root),
    readRules: gitRulesReader(root),
    workTree: root,
  })
  return paths.filter((one) => {
    const directory = policy.directory(join(root, dirname(one)))
    if (directory === null) return true
    return policy.entry(directory, one.slice(one.lastIndexOf('/') + 1), false).kind === 'hidden'
  })
}

test('ignores exactly what git ignores', ({ skip }) => {
  skip(!hasGit, 'git is not installed')
  const property = fc.property(
    fc.array(path, { minLength: 1, maxLength: 12 }),
    fc.dictionary(fc.constantFrom('', 'a', 'a/b', 'b', 'ab'), ignoreFile, {
      minKeys: 1,
      maxKeys: 3,
    }),
    ignoreFile,
    (paths, files, exclude) => {
      const root = mkdtempSync(join(tmpdir(), 'singletrack-ignore-'))
      try {
        execFileSync('git', ['init', '-q', root])
        const made: string[] = []
        for (const one of paths) if (writeIfPossible(join(root, one), '')) made.push(one)
        for (const [directory, text] of Object.entries(files)) {
          writeIfPossible(join(root, directory, '.gitignore'), text)
        }
        writeIfPossible(join(root, '.git/info/exclude'), exclude)
        expect(ignoredByUs(root, made)).toEqual(ignoredByGit(root, made))
      } finally {
        rmSync(root, { recursive: true, force: true })
      }
    },
  )
  // Fewer cases on a loaded machine, not a failure.
  fc.assert(property, { numRuns: 150, interruptAfterTimeLimit: 15_000 })
})

function writeIfPossible(file: string, content: string): boolean {
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
    return true
  } catch {
    // A file is where a directory is needed, or the reverse.
    return false
  }
}
