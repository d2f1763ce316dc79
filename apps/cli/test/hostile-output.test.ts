import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import { MAIN } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

const HOSTILE = fileURLToPath(new URL('fixtures/hostile-output.mjs', import.meta.url))

const KINDS = ['binary', 'nul', 'long-line', 'cursor', 'invalid-utf8', 'chatty'] as const

/** A target for each of these, named like what it prints, and one that is built. */
const workspaceOf = (...kinds: readonly string[]): Workspace =>
  Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        ...Object.fromEntries(
          kinds.map((kind) => [
            kind,
            {
              watch: ['a.txt'],
              run: { command: ['node', HOSTILE, kind], ready: { output: '^up$', timeout: '10m' } },
            },
          ]),
        ),
        built: { watch: ['b.txt'], build: { command: ['node', 'build.mjs'] } },
      },
    }),
    'build.mjs': `
      import { appendFileSync } from 'node:fs'
      appendFileSync('builds.log', 'built\\n')
    `,
  })

// oxlint-disable-next-line no-control-regex -- control characters are what must not be there
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/

test(`output that is ${KINDS.join(', ')} must not tear or stall the lines for people`, async () => {
  await using workspace = workspaceOf(...KINDS)
  await using session = workspace.run(['watch'])
  for (const kind of KINDS) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await session.says(new RegExp(`^${kind} +ready`, 'm'))
  }
  expect((await session.endBy('SIGINT')).code).toBe(130)
  const lines = session.stdout.split('\n').filter((line) => line !== '')
  const named = new RegExp(`^(singletrack|built|${KINDS.join('|')}) `)
  for (const line of lines)
    if (!named.test(line) && !line.startsWith('  '))
      expect(line.slice(0, 200)).toBe('a line with the name of its target')
  expect(CONTROL.exec(session.stdout)).toBeNull()
  expect(lines.at(-1)).toMatch(/6 stopped, 0 by force, 0 left$/)
})

test(`output that is ${KINDS.join(', ')} must not tear the NDJSON`, async () => {
  await using workspace = workspaceOf(...KINDS)
  await using session = await workspace.session()
  await session.endBy('SIGINT')
  const events = session.events()
  expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1))
  const up = events.flatMap((event) =>
    event.type === 'output' && event.line === 'up' ? [event.target] : [],
  )
  expect(up.toSorted()).toEqual(KINDS.toSorted())
  expect(events.at(-1)).toMatchObject({ type: 'session-ended', stopped: KINDS.length, left: [] })
})

test.for([['watch'], ['watch', '--json']])(
  'a reader of `singletrack %s` that stops reading must not stop builds or the end',
  async (args) => {
    await using workspace = workspaceOf('chatty')
    const builds = (): number =>
      existsSync(join(workspace.root, 'builds.log'))
        ? workspace.read('builds.log').split('\n').length - 1
        : 0
    // Nobody ever reads the pipe.
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: workspace.root,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const ended = once(child, 'exit')
    await eventually('the first build', () => (builds() === 1 ? true : undefined))
    await eventually('it watches and answers', async () => {
      await using wait = workspace.run(['wait', '--ready', 'chatty'])
      return (await wait.end()).code === 0 ? true : undefined
    })
    workspace.write('b.txt', 'new')
    await eventually('another build', () => (builds() === 2 ? true : undefined))
    child.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    child.stdout?.destroy()
    expect(workspace.processes()).toEqual([])
  },
)

test.for([['watch'], ['watch', '--json']])(
  'a reader of `singletrack %s` that goes away ends the session cleanly',
  async (args) => {
    await using workspace = workspaceOf('nul')
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: workspace.root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    const ended = once(child, 'exit')
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    await eventually('the function says that it is up', () =>
      stdout.includes('up') ? true : undefined,
    )
    child.stdout.destroy()
    workspace.write('a.txt', 'new')
    const [code, signal] = await ended
    expect({ code, signal, stderr }).toEqual({ code: 141, signal: null, stderr: '' })
    await workspace.empty()
  },
)
