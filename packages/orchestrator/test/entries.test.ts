import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'

import { expect, test } from 'vitest'

const DIST = new URL('../dist/', import.meta.url)

interface Loaded {
  /** What it imports from other packages, itself or through the chunks it shares. */
  readonly packages: readonly string[]
  /** Whether the schema library, which is bundled, is in one of its chunks. */
  readonly hasSchemas: boolean
}

/** What is loaded with a built module. */
function loadedWith(entry: string): Loaded {
  const packages = new Set<string>()
  const seen = new Set<string>()
  let code = ''
  const visit = (url: URL): void => {
    if (seen.has(url.href)) return
    seen.add(url.href)
    const text = readFileSync(url, 'utf8')
    code += text
    for (const [, specifier = ''] of text.matchAll(
      /^(?:import|export)\b[^;]*?["']([^"']+)["'];$/gm,
    )) {
      if (specifier.startsWith('.')) visit(new URL(specifier, url))
      else if (!isBuiltin(specifier)) packages.add(specifier)
    }
  }
  visit(new URL(entry, DIST))
  return {
    packages: [...packages].toSorted(),
    hasSchemas: code.includes('$ZodType'),
  }
}

test('the client loads the lock package and the protocol, and nothing of a session', () => {
  expect(loadedWith('client.js')).toMatchObject({
    packages: ['@singletrack/lockfile', 'fastest-levenshtein', 'vscode-jsonrpc/node'],
    hasSchemas: false,
  })
})

test('a watched command loads what watches and what runs it, and nothing of a session', () => {
  expect(loadedWith('command.js')).toMatchObject({
    packages: ['@singletrack/lockfile', '@singletrack/supervisor', '@singletrack/watcher'],
    hasSchemas: false,
  })
})

test('the configuration is read without what runs it', () => {
  const { packages, hasSchemas } = loadedWith('configuration.js')
  expect(hasSchemas).toBe(true)
  expect(packages.filter((name) => name.startsWith('@singletrack/'))).toEqual([])
})

test('a session loads more than that, so what is looked at is what is loaded', () => {
  const { packages, hasSchemas } = loadedWith('index.js')
  expect(packages).toContain('@singletrack/watcher')
  expect(hasSchemas).toBe(true)
})

test('no entry loads a schema library of a hundred modules', () => {
  const entries = ['index.js', 'client.js', 'command.js', 'configuration.js', 'watchdog.js']
  for (const entry of entries)
    expect(loadedWith(entry).packages.filter((name) => name.startsWith('zod'))).toEqual([])
})
