import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { ask } from './support/ask.ts'
import { eventually } from './support/eventually.ts'
import { freePorts } from './support/free-ports.ts'
import { Workspace } from './support/workspace.ts'

/**
 * A server with a child in its group. At its start it writes into `story.log` who of its
 * predecessor is still alive and whether the port is free; the child is deaf to SIGTERM and holds
 * a port of its own.
 */
const SERVER = `
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'

const version = readFileSync('out/version.txt', 'utf8').trim()
const isAlive = (pid) => {
  try {
    process.kill(pid, 0)
    return !readFileSync('/proc/' + pid + '/stat', 'utf8').includes(') Z ')
  } catch {
    return false
  }
}
const isOpen = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
  })
const { PORT, CHILD_PORT } = process.env
const before = existsSync('pids.json') ? JSON.parse(readFileSync('pids.json', 'utf8')) : []
const alive = before.filter(isAlive).length
const open = [await isOpen(PORT), await isOpen(CHILD_PORT)].filter(Boolean).length
appendFileSync('story.log', version + ': ' + alive + ' alive, ' + open + ' ports open\\n')
const CHILD = "process.on('SIGTERM', () => {}); require('node:net').createServer().listen(" + CHILD_PORT + ", '127.0.0.1', () => console.log('child up'))"
const child = spawn(process.execPath, ['-e', CHILD, process.cwd()], { stdio: ['ignore', 'pipe', 'inherit'] })
child.stdout.once('data', () => {
  writeFileSync('pids.json', JSON.stringify([process.pid, child.pid]))
  createServer((_, response) => response.end(version)).listen(PORT, '127.0.0.1')
})
`

const BUILD = `
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
const source = readFileSync('version.txt', 'utf8')
writeFileSync('began.txt', source)
while (existsSync('hold')) await sleep(10)
if (source.includes('BROKEN')) process.exit(1)
mkdirSync('out', { recursive: true })
writeFileSync('out/version.txt', source)
`

interface Replaced {
  readonly workspace: Workspace
  /** What is answered now; `null` when nobody answers. */
  readonly answer: () => Promise<string | null>
}

async function replaced(): Promise<Replaced> {
  const [port = 0, childPort = 0] = await freePorts(2)
  const workspace = Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        api: {
          watch: ['version.txt'],
          env: { CHILD_PORT: `${childPort}` },
          build: { command: ['node', 'build.mjs'], outputs: ['out/**'] },
          run: { command: ['node', 'server.mjs'], port, stop: { grace: '300ms' } },
        },
      },
    }),
    'build.mjs': BUILD,
    'server.mjs': SERVER,
    'version.txt': 'one',
  })
  return {
    workspace,
    answer: async () =>
      fetch(`http://127.0.0.1:${port}/`).then(
        async (response) => response.text(),
        () => null,
      ),
  }
}

test('the old run answers while the new one is built, and after a build that failed', async () => {
  const { workspace, answer } = await replaced()
  await using _workspace = workspace
  await using session = await workspace.session()
  workspace.write('hold', '')
  workspace.write('version.txt', 'two')
  await eventually('the build works', () =>
    workspace.read('began.txt') === 'two' ? true : undefined,
  )
  expect(await answer()).toBe('one')
  const from = session.events().length
  rmSync(join(workspace.root, 'hold'))
  await session.event(({ type }) => type === 'ready', from)
  expect(await answer()).toBe('two')
  workspace.write('version.txt', 'BROKEN')
  await session.event(({ type }) => type === 'build-failed', from)
  expect(await answer()).toBe('two')
  expect((await ask(workspace, ['status'])).stdout).toContain('the last good one serves')
})

test.runIf(process.platform === 'linux')(
  'a successor finds nobody of the old group alive, and both ports free',
  async () => {
    const { workspace, answer } = await replaced()
    await using _workspace = workspace
    await using session = await workspace.session()
    for (const version of ['two', 'three', 'four']) {
      const from = session.events().length
      workspace.write('version.txt', version)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await session.event(({ type }) => type === 'ready', from)
      // oxlint-disable-next-line no-await-in-loop -- as above
      expect(await answer()).toBe(version)
    }
    expect(workspace.read('story.log').trimEnd().split('\n')).toEqual(
      ['one', 'two', 'three', 'four'].map((version) => `${version}: 0 alive, 0 ports open`),
    )
    expect(session.events().filter(({ type }) => type === 'stopped')).toMatchObject([
      { forced: true },
      { forced: true },
      { forced: true },
    ])
  },
)

test.runIf(process.platform === 'linux')(
  'a successor of a run that was killed from outside finds nobody of its group either',
  async () => {
    const { workspace } = await replaced()
    await using _workspace = workspace
    await using session = await workspace.session()
    const from = session.events().length
    const ready = session.events().find(({ type }) => type === 'ready')
    process.kill(ready?.type === 'ready' ? ready.pid : 0, 'SIGKILL')
    await session.event(({ type }) => type === 'ready', from)
    expect(workspace.read('story.log')).toBe(
      'one: 0 alive, 0 ports open\none: 0 alive, 0 ports open\n',
    )
  },
)
