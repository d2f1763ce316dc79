import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { ask, askJson } from './support/ask.ts'
import { freePorts } from './support/free-ports.ts'
import { begun, gatedWorkspace, works } from './support/gated-workspace.ts'
import type { Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

interface Configuration {
  readonly [setting: string]: unknown
  readonly targets: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const stays = ['node', '-e', 'setInterval(() => {}, 1e6)']

/** Writes another configuration and waits until the session has taken it. */
async function reload(
  workspace: Workspace,
  session: Program,
  change: (before: Configuration) => Configuration,
): Promise<void> {
  const from = session.events().length
  const before = JSON.parse(workspace.read('singletrack.jsonc')) as Configuration
  workspace.write('singletrack.jsonc', JSON.stringify(change(before)))
  await session.event(({ type }) => type === 'configuration-changed', from)
  expect((await ask(workspace, ['wait'])).code).toBe(0)
}

/** The processes of the targets that run. */
async function pids(workspace: Workspace): Promise<Readonly<Record<string, number>>> {
  const { document } = await askJson(workspace, ['status'])
  const targets = document['targets'] as readonly {
    readonly name: string
    readonly run: { readonly pid?: number }
  }[]
  return Object.fromEntries(
    targets.flatMap(({ name, run: { pid } }) => (pid === undefined ? [] : [[name, pid]])),
  )
}

test.for<[string, (before: Configuration) => Configuration]>([
  ['the order', ({ targets, ...top }) => ({ ...top, policy: 'lifo', targets })],
  ['the quiet time', ({ targets, ...top }) => ({ ...top, debounce: '20ms', targets })],
  ['what is ignored', ({ targets, ...top }) => ({ ...top, ignore: ['*.md'], targets })],
  ['a resource', ({ targets, ...top }) => ({ ...top, resources: { other: 1 }, targets })],
  [
    'what a target watches',
    ({ targets, ...top }) => ({
      ...top,
      targets: { ...targets, web: { ...targets['web'], watch: ['src/web.txt', 'src/more/**'] } },
    }),
  ],
  [
    'another target that is added',
    ({ targets, ...top }) => ({ ...top, targets: { ...targets, more: { watch: [], run: stays } } }),
  ],
])('another value of %s restarts nothing, and counts from then on', async ([, change]) => {
  await using workspace = gatedWorkspace({ api: { run: stays }, web: { run: stays } })
  await using session = await workspace.session()
  const before = await pids(workspace)
  await reload(workspace, session, change)
  expect(await pids(workspace)).toMatchObject(before)
  workspace.write('src/web.txt', '2')
  expect((await ask(workspace, ['wait'])).code).toBe(0)
  expect(workspace.read('out/web.txt')).toBe('2,shared 1')
  expect((await pids(workspace))['api']).toBe(before['api'])
})

const get = async (port: number): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}/`)).text()

const serves = (name: string, port: number): Readonly<Record<string, unknown>> => ({
  watch: [],
  run: {
    command: [
      'node',
      '-e',
      `require('http').createServer((_, r) => r.end('${name}')).listen(process.env.PORT, '127.0.0.1')`,
    ],
    port,
  },
})

test('two targets that change ports with each other both get theirs', async () => {
  const [one = 0, two = 0] = await freePorts(2)
  await using workspace = Workspace.of({
    'singletrack.jsonc': JSON.stringify({ targets: { a: serves('a', one), b: serves('b', two) } }),
  })
  await using session = await workspace.session()
  await reload(workspace, session, () => ({
    targets: { a: serves('a', two), b: serves('b', one) },
  }))
  expect([await get(one), await get(two)]).toEqual(['b', 'a'])
})

test('a target that is taken out while it is built leaves no build behind, and the others go on', async () => {
  await using workspace = gatedWorkspace({ api: { run: stays }, web: {} })
  await using session = await workspace.session()
  const before = await pids(workspace)
  workspace.write('hold-web', '')
  workspace.write('src/web.txt', '2')
  await works(workspace, 'web 2')
  await reload(workspace, session, ({ targets: { api = {} } }) => ({ targets: { api } }))
  expect(workspace.processes().filter((line) => line.includes('build.mjs'))).toEqual([])
  expect(await pids(workspace)).toEqual(before)
  workspace.write('src/api.txt', '2')
  expect((await ask(workspace, ['wait'])).code).toBe(0)
  expect(begun(workspace).at(-1)).toBe('api 2')
})

test('a configuration that is removed and comes back changes nothing, and is said', async () => {
  await using workspace = gatedWorkspace({ api: { run: stays } })
  await using session = await workspace.session()
  const before = await pids(workspace)
  const text = workspace.read('singletrack.jsonc')
  const from = session.events().length
  rmSync(join(workspace.root, 'singletrack.jsonc'))
  const gone = await session.event(({ type }) => type === 'configuration-invalid', from)
  expect(gone).toMatchObject({ problems: ['the configuration file is gone'] })
  expect((await ask(workspace, ['status'])).stdout).toContain('the configuration file is gone')
  workspace.write('singletrack.jsonc', text)
  await session.event(({ type }) => type === 'configuration-changed', from)
  expect(await pids(workspace)).toEqual(before)
})

test('personal settings count when they are written, and not when they are gone', async () => {
  await using workspace = gatedWorkspace({ api: { run: stays }, web: { run: stays } })
  await using session = await workspace.session()
  const before = await pids(workspace)
  let from = session.events().length
  workspace.write('singletrack.local.jsonc', '{ "targets": { "api": { "env": { "MINE": "1" } } } }')
  await session.event((event) => event.type === 'ready' && event.target === 'api', from)
  expect((await ask(workspace, ['env', 'api'])).stdout).toContain('MINE=1')
  from = session.events().length
  rmSync(join(workspace.root, 'singletrack.local.jsonc'))
  await session.event((event) => event.type === 'ready' && event.target === 'api', from)
  expect((await ask(workspace, ['env', 'api'])).stdout).not.toContain('MINE')
  expect((await pids(workspace))['web']).toBe(before['web'])
})
