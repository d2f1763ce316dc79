import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

const RECORDER = new URL('./fixtures/record-modules.mjs', import.meta.url).href

let workspace: Workspace
let session: Program

beforeAll(async () => {
  workspace = Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: { api: { watch: [], run: ['node', '-e', 'setInterval(() => {}, 1e6)'] } },
    }),
  })
  session = await workspace.session()
})

afterAll(async () => {
  await session[Symbol.asyncDispose]()
  await workspace[Symbol.asyncDispose]()
})

/** The packages whose modules a command loads, by name; our own with the name of the file. */
async function loadedBy(args: readonly string[], exitCode = 0): Promise<ReadonlySet<string>> {
  const file = `${workspace.root}/${args.join('-').replaceAll(/\W+/g, '-')}.modules`
  await using program = workspace.run(args, {
    NODE_OPTIONS: `--import ${RECORDER}`,
    RECORD_MODULES: file,
  })
  expect(await program.end()).toEqual({ code: exitCode, signal: null })
  const paths = readFileSync(file, 'utf8')
    .split('\n')
    .filter((url) => url.startsWith('file:'))
    .map((url) => fileURLToPath(url))
  return new Set(
    paths.flatMap((path) => {
      const own = /\/(?:packages|apps)\/(\w+)\/dist\/([\w-]+\.js)$/.exec(path)
      if (own !== null) return [`${own[1]}/${own[2]}`]
      const foreign = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)
      return foreign?.[1] === undefined ? [] : [foreign[1]]
    }),
  )
}

/** What only a session, a build or a reader of the configuration needs. */
const HEAVY = [
  'orchestrator/index.js',
  'scheduler/index.js',
  'watcher/index.js',
  'execa',
  'jsonc-parser',
]

test.for([
  ['status'],
  ['wait'],
  ['why', 'api'],
  ['plan'],
  ['explain', 'src/main.ts'],
  ['env', 'api'],
  ['logs'],
  ['trace', '--output', '-'],
  ['stop', 'api'],
  ['start', 'api'],
  ['restart', 'api'],
] as const)('%s asks the session without loading what a session is made of', async (args) => {
  const loaded = await loadedBy(args)
  expect(loaded).toContain('orchestrator/client.js')
  expect(HEAVY.filter((name) => loaded.has(name))).toEqual([])
})

test('a watched command is run without loading what a session is made of', async () => {
  const loaded = await loadedBy(['watch', '-w', '.', '--', 'no-such-program'], 127)
  expect(loaded).toContain('orchestrator/command.js')
  expect(
    ['orchestrator/index.js', 'scheduler/index.js', 'jsonc-parser'].filter((name) =>
      loaded.has(name),
    ),
  ).toEqual([])
})

test('a command that reads the configuration itself loads it, so what is looked at is what is loaded', async () => {
  expect(await loadedBy(['config'])).toContain('jsonc-parser')
})

test('the version is told without loading any package', async () => {
  const loaded = await loadedBy(['--version'])
  expect(loaded).toContain('cli/main.js')
  expect([...loaded].filter((name) => !name.startsWith('cli/'))).toEqual([])
})
