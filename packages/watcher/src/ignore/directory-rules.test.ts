import { expect, test } from 'vitest'

import { DirectoryRules } from './directory-rules.ts'
import { type IgnoreFile, parseIgnoreFile } from './ignore-file.ts'

const IGNORE = parseIgnoreFile('*.log', '/root', 'ignore')
const OWN = parseIgnoreFile('*.tmp', '/root/a', 'a/.gitignore')
const TOP = DirectoryRules.of([IGNORE])

function below(
  above: DirectoryRules,
  found: { readonly files: readonly IgnoreFile[]; readonly isRepository: boolean },
): { readonly rules: DirectoryRules; readonly read: string[] } {
  const read: string[] = []
  const readRules = (path: string): typeof found => {
    read.push(path)
    return found
  }
  return { rules: DirectoryRules.in('/root/a', above, { ignore: IGNORE, readRules }), read }
}

test('the rules of a directory are read once, when they are first needed', () => {
  const { rules, read } = below(TOP, { files: [OWN], isRepository: false })
  expect(read).toEqual([])
  expect([rules.files, rules.files]).toEqual([
    [IGNORE, OWN],
    [IGNORE, OWN],
  ])
  expect(read).toEqual(['/root/a'])
})

test('a listing without rules or a repository spares the look', () => {
  const { rules, read } = below(TOP, { files: [OWN], isRepository: false })
  rules.listed(false)
  expect(rules.files).toEqual([IGNORE])
  expect(read).toEqual([])
})

test('a listing with some has them read, so that a repository is told of though nobody asks', () => {
  const { rules, read } = below(TOP, { files: [], isRepository: true })
  rules.listed(true)
  expect(read).toEqual(['/root/a'])
})

test('a repository does not obey the rules of the directories above it', () => {
  const outer = below(TOP, { files: [OWN], isRepository: false }).rules
  const { rules } = below(outer, { files: [], isRepository: true })
  expect(rules.files).toEqual([IGNORE])
})

test('rules hide something only if some file has a line that does', () => {
  const empty = parseIgnoreFile('# nothing', '/root', 'ignore')
  const above = DirectoryRules.of([empty])
  expect(below(above, { files: [], isRepository: false }).rules.mayHide).toBe(false)
  expect(below(above, { files: [OWN], isRepository: false }).rules.mayHide).toBe(true)
})
