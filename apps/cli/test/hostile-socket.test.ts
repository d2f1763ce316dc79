import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { PROTOCOL_VERSION } from '@singletrack/orchestrator'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'

import { ask } from './support/ask.ts'
import { eventually } from './support/eventually.ts'
import { gatedWorkspace } from './support/gated-workspace.ts'
import type { Program } from './support/program.ts'
import type { Workspace } from './support/workspace.ts'

interface Exposed {
  readonly workspace: Workspace
  readonly session: Program
  /** What everybody who asks the session needs in their environment. */
  readonly env: NodeJS.ProcessEnv
  readonly directory: string
  readonly socket: string
  /** The name of the session, which its socket carries. */
  readonly nonce: string
}

const CHATTY = `let line = 0
const say = () => {
  for (let at = 0; at < 200; at += 1) console.log('line ' + line++ + ' ' + 'y'.repeat(200))
  setTimeout(say, 5)
}
say()`

/** A session whose socket is in a folder of its own. */
async function exposed(): Promise<Exposed> {
  // Short, since the path of a socket must be.
  const runtime = mkdtempSync(join(tmpdir(), 'st-'))
  onTestFinished(() => rmSync(runtime, { recursive: true, force: true }))
  const workspace = gatedWorkspace({
    api: { run: ['node', '-e', CHATTY] },
  })
  const env = { XDG_RUNTIME_DIR: runtime }
  const session = await workspace.session(env)
  const directory = join(runtime, 'singletrack')
  const [name = ''] = readdirSync(directory)
  return {
    workspace,
    session,
    env,
    directory,
    socket: join(directory, name),
    nonce: name.replace(/\.sock$/, ''),
  }
}

/** The session does its work, answers, and ends in order. */
async function isUnmoved({ workspace, session, env }: Exposed): Promise<void> {
  workspace.write('src/api.txt', 'after')
  expect(await ask(workspace, ['wait', '--settled'], env)).toMatchObject({ code: 0 })
  expect(workspace.read('out/api.txt')).toBe('after,shared 1')
  expect(await session.endBy('SIGINT')).toEqual({ code: 130, signal: null })
  expect(session.stderr).toBe('')
  expect(session.events().at(-1)).toMatchObject({ type: 'session-ended', left: [] })
  expect(workspace.processes()).toEqual([])
}

const frame = (message: unknown): Buffer => {
  const body = Buffer.from(JSON.stringify(message) ?? '')
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body])
}

const greeting = (nonce: string): Buffer =>
  frame({ jsonrpc: '2.0', id: 0, method: 'hello', params: { protocol: PROTOCOL_VERSION, nonce } })

/** Connected, with whatever comes read and thrown away unless it is to be left unread. */
async function connected(path: string, { reads = true } = {}): Promise<Socket> {
  const socket = connect(path)
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  await new Promise<void>((resolve) =>
    socket.once('connect', resolve).once('close', () => resolve()),
  )
  if (reads) socket.resume()
  else socket.pause()
  return socket
}

const modeOf = (path: string): number => statSync(path).mode & 0o777

test('the socket and the state are private to the user', async () => {
  await using at = await exposedWorkspace()
  expect(modeOf(at.directory)).toBe(0o700)
  expect(modeOf(at.socket) & 0o077).toBe(0)
  expect(modeOf(join(at.workspace.root, '.singletrack')) & 0o077).toBe(0)
})

const METHODS = ['status', 'build', 'stop', 'wait', 'logs', 'signal', 'env', 'shutdown', 'nothing']

/** Messages that are wrong in every way, behind a good greeting or none. */
const hostile = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  fc.json().map((text) => frame(JSON.parse(text))),
  fc
    .record({ method: fc.constantFrom(...METHODS), params: fc.jsonValue() })
    // What would end the session, said well, is no attack.
    .filter(({ method }) => method !== 'shutdown' && method !== 'stop')
    .map((message) => frame({ jsonrpc: '2.0', id: 1, ...message })),
  fc.constantFrom(
    Buffer.from('Content-Length: 99999999999\r\n\r\n'),
    Buffer.from('Content-Length: -1\r\n\r\n{}'),
    Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    Buffer.from(`Content-Length: 100000\r\n\r\n${'['.repeat(100_000)}`),
    Buffer.alloc(3_000_000, 'x'),
  ),
)

test(
  'whatever is written to the socket, the session builds, answers and ends in order',
  { timeout: 180_000 },
  async () => {
    await using at = await exposedWorkspace()
    await fc.assert(
      fc.asyncProperty(fc.boolean(), hostile, async (greets, bytes) => {
        const socket = await connected(at.socket)
        const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
        if (greets) socket.write(greeting(at.nonce))
        socket.end(bytes)
        await closed
      }),
      { numRuns: 60 },
    )
    expect(at.session.process.exitCode).toBeNull()
    await isUnmoved(at)
  },
)

test('clients that stop reading, or never say a word, cannot stall the session or its end', async () => {
  await using at = await exposedWorkspace()
  const silent = await connected(at.socket)
  const deaf = await connected(at.socket, { reads: false })
  deaf.write(greeting(at.nonce))
  deaf.write(frame({ jsonrpc: '2.0', id: 1, method: 'subscribe', params: { output: true } }))
  for (let id = 2; id < 200; id += 1)
    deaf.write(frame({ jsonrpc: '2.0', id, method: 'logs', params: { targets: [] } }))
  const before = at.session.events().length
  await eventually('much has been printed meanwhile', () =>
    at.session.events().length > before + 5_000 ? true : undefined,
  )
  await isUnmoved(at)
  expect(silent.destroyed || silent.readableEnded || silent.closed).toBe(true)
})

async function exposedWorkspace(): Promise<Exposed & AsyncDisposable> {
  const at = await exposed()
  return {
    ...at,
    [Symbol.asyncDispose]: async () => {
      await at.session[Symbol.asyncDispose]()
      await at.workspace[Symbol.asyncDispose]()
    },
  }
}
