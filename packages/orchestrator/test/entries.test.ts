import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'

import { expect, test } from 'vitest'

const DIST = new URL('../dist/', import.meta.url)

/** What a built module imports from other packages, itself or through the chunks it shares. */
function packagesOf(entry: string): readonly string[] {
  const packages = new Set<string>()
  const seen = new Set<string>()
  const visit = (url: URL): void => {
    if (seen.has(url.href)) return
    seen.add(url.href)
    const text = readFileSync(url, 'utf8')
    for (const [, specifier = ''] of text.matchAll(
      /^(?:import|export)\b[^;]*?["']([^"']+)["'];$/gm,
    )) {
      if (specifier.startsWith('.')) visit(new URL(specifier, url))
      else if (!isBuiltin(specifier)) packages.add(specifier)
    }
  }
  visit(new URL(entry, DIST))
  return [...packages].toSorted()
}

test('the client loads the lock package and the protocol, and nothing of a session', () => {
  expect(packagesOf('client.js')).toEqual([
    '@singletrack/lockfile',
    'fastest-levenshtein',
    'vscode-jsonrpc/node',
  ])
})

test('a watched command loads what watches and what runs it, and nothing of a session', () => {
  expect(packagesOf('command.js')).toEqual([
    '@singletrack/lockfile',
    '@singletrack/supervisor',
    '@singletrack/watcher',
  ])
})

test('the configuration is read without what runs it', () => {
  const loaded = packagesOf('configuration.js')
  expect(loaded).toContain('zod')
  expect(loaded.filter((name) => name.startsWith('@singletrack/'))).toEqual([])
})

test('a session loads more than that, so what is looked at is what is loaded', () => {
  expect(packagesOf('index.js')).toEqual(expect.arrayContaining(['@singletrack/watcher', 'zod']))
})
