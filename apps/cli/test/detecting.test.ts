import { expect, test } from 'vitest'

import { freePorts } from './support/free-ports.ts'
import { Workspace } from './support/workspace.ts'

const service = (name: string, port: number | undefined): Readonly<Record<string, string>> => ({
  [`packages/${name}/package.json`]: JSON.stringify({
    name,
    scripts: { start: 'node server.js' },
  }),
  [`packages/${name}/server.js`]: `require('node:http').createServer((_, response) => response.end('${name} 1')).listen(${port}, '127.0.0.1')\n`,
})

/** An npm workspace of two services, without a configuration of ours. */
async function unconfigured(): Promise<{
  readonly workspace: Workspace
  readonly ports: readonly number[]
}> {
  const ports = await freePorts(2)
  const workspace = Workspace.of({
    'package.json': JSON.stringify({ name: 'root', private: true, workspaces: ['packages/*'] }),
    'package-lock.json': '{}',
    ...service('api', ports[0]),
    ...service('web', ports[1]),
  })
  return { workspace, ports }
}

const text = async (port: number | undefined): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}/`)).text()

const served = async (port: number | undefined, expected: string): Promise<void> =>
  expect.poll(async () => text(port).catch(() => ''), { timeout: 40_000 }).toBe(expected)

test('without a configuration and without names it says what it found, and runs nothing', async () => {
  const { workspace } = await unconfigured()
  await using _workspace = workspace
  await using program = workspace.run(['watch', '--root', '.'])
  expect(await program.end()).toEqual({ code: 2, signal: null })
  expect(program.stderr).toContain('package.json shows api, web; name what to watch, add --all')
  expect(workspace.processes()).toEqual([])
})

test('--all watches everything that was found, and an edit restarts what it concerns', async () => {
  const { workspace, ports } = await unconfigured()
  await using _workspace = workspace
  await using session = workspace.run(['watch', '--root', '.', '--all', '--json'])
  await served(ports[0], 'api 1')
  await served(ports[1], 'web 1')
  const from = session.events().length
  workspace.edit('packages/api/server.js', 'api 1', 'api 2')
  await served(ports[0], 'api 2')
  const restarted = session
    .events()
    .slice(from)
    .flatMap((event) => (event.type === 'starting' ? [event.target] : []))
  expect(restarted).toEqual(['api'])
  expect(await session.endBy('SIGINT')).toEqual({ code: 130, signal: null })
  expect(workspace.processes()).toEqual([])
})

test('a name watches that one alone', async () => {
  const { workspace, ports } = await unconfigured()
  await using _workspace = workspace
  await using session = workspace.run(['watch', '--root', '.', 'web', '--json'])
  await served(ports[1], 'web 1')
  expect(session.events().filter(({ type }) => type === 'starting')).toHaveLength(1)
})

test('a name that was not found is told with the nearest one', async () => {
  const { workspace } = await unconfigured()
  await using _workspace = workspace
  await using program = workspace.run(['watch', '--root', '.', 'wep'])
  expect(await program.end()).toEqual({ code: 2, signal: null })
  expect(program.stderr).toContain('did you mean "web"?')
})
