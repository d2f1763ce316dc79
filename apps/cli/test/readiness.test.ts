import { once } from 'node:events'
import { createServer } from 'node:http'

import { expect, test } from 'vitest'

import { askJson } from './support/ask.ts'
import { freePorts } from './support/free-ports.ts'
import type { Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

/** Is up at once, and what each check asks for is there when the file `go` is. */
const SERVER = `
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
console.log('up, not yet ready')
const [, , how] = process.argv
const { PORT } = process.env
const isReady = () => existsSync('go')
if (how === 'http')
  createServer((_, response) => {
    response.statusCode = isReady() ? 200 : 503
    response.end()
  }).listen(PORT, '127.0.0.1')
while (!isReady()) await sleep(10)
if (how === 'port') createServer().listen(PORT, '127.0.0.1')
console.log('ready now: yes')
setInterval(() => {}, 1e6)
`

const checks = {
  port: {},
  http: { http: '/health' },
  output: { output: '^ready now' },
  command: { exec: ['node', '-e', "process.exit(require('fs').existsSync('go') ? 0 : 1)"] },
} as const

type Kind = keyof typeof checks

async function workspaceWith(
  kind: Kind,
  timeout = '10m',
): Promise<{ readonly workspace: Workspace; readonly port: number }> {
  const [port = 0] = await freePorts(1)
  const needsPort = kind === 'port' || kind === 'http'
  const workspace = Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        db: {
          watch: ['db.txt'],
          run: {
            command: ['node', 'server.mjs', kind],
            ...(needsPort ? { port } : {}),
            ready: { ...checks[kind], timeout },
          },
        },
        api: {
          watch: [],
          dependsOn: [{ target: 'db', until: 'ready' }],
          run: ['node', '-e', "console.log('api runs'); setInterval(() => {}, 1e6)"],
        },
      },
    }),
    'server.mjs': SERVER,
    'db.txt': '1',
  })
  return { workspace, port }
}

const happened = (session: Program, type: string, target: string): boolean =>
  session
    .events()
    .some((event) => event.type === type && 'target' in event && event.target === target)

const phases = async (workspace: Workspace): Promise<Readonly<Record<string, string>>> => {
  const { document } = await askJson(workspace, ['status'])
  const targets = document['targets'] as readonly {
    readonly name: string
    readonly phase: string
  }[]
  return Object.fromEntries(targets.map(({ name, phase }) => [name, phase]))
}

test.for(Object.keys(checks) as readonly Kind[])(
  'ready by %s: not before it is so, and what depends on it waits for that',
  async (kind) => {
    const { workspace } = await workspaceWith(kind)
    await using _workspace = workspace
    await using session = workspace.run(['watch', '--json'])
    await session.event((event) => event.type === 'output' && event.line.startsWith('up'))
    await session.event((event) => event.type === 'held' && event.target === 'api')
    expect(await phases(workspace)).toEqual({ db: 'starting', api: 'waiting' })
    expect(happened(session, 'ready', 'db') || happened(session, 'starting', 'api')).toBe(false)
    workspace.write('go', '')
    const { id } = await session.event((event) => event.type === 'ready' && event.target === 'db')
    const started = await session.event(
      (event) => event.type === 'starting' && event.target === 'api',
    )
    expect(started.id).toBeGreaterThan(id)
    await session.event(({ type }) => type === 'settled')
    expect(await phases(workspace)).toEqual({ db: 'ready', api: 'ready' })
  },
)

test.for(Object.keys(checks) as readonly Kind[])(
  'not ready by %s in its time: it is said, left running, and ready as soon as it is',
  async (kind) => {
    const { workspace } = await workspaceWith(kind, '50ms')
    await using _workspace = workspace
    await using session = workspace.run(['watch', '--json'])
    await session.event((event) => event.type === 'not-ready' && event.target === 'db')
    expect(await phases(workspace)).toEqual({ db: 'not-ready', api: 'waiting' })
    workspace.write('go', '')
    await session.event((event) => event.type === 'ready' && event.target === 'api')
    expect(session.events().filter(({ type }) => type === 'starting')).toHaveLength(2)
  },
)

test('a stranger who answers on the port must not make a run ready', async () => {
  const { workspace, port } = await workspaceWith('http', '300ms')
  await using _workspace = workspace
  workspace.edit('singletrack.jsonc', `"port":${port},`, '')
  workspace.edit(
    'singletrack.jsonc',
    '"http":"/health"',
    `"http":"http://127.0.0.1:${port}/health"`,
  )
  const stranger = createServer((_, response) => response.end('ok')).listen(port, '127.0.0.1')
  await once(stranger, 'listening')
  try {
    await using session = workspace.run(['watch', '--json'])
    await session.event((event) => event.type === 'not-ready' && event.target === 'db')
    expect(happened(session, 'ready', 'db')).toBe(false)
  } finally {
    stranger.close()
  }
})

test('a run that ends before it was ready leaves what depends on it waiting, and says so', async () => {
  const { workspace } = await workspaceWith('output')
  await using _workspace = workspace
  workspace.write('go', '')
  workspace.edit('server.mjs', 'setInterval', 'process.exit(7); setInterval')
  workspace.edit('server.mjs', "console.log('ready now: yes')", '')
  await using session = workspace.run(['watch', '--json'])
  const crashed = await session.event(({ type }) => type === 'crashed')
  expect(crashed).toMatchObject({ target: 'db', end: { kind: 'code', code: 7 }, restartInMs: null })
  await session.event(({ type }) => type === 'settled')
  expect(await phases(workspace)).toEqual({ db: 'crashed', api: 'waiting' })
})
