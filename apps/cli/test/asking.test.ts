import { expect, test } from 'vitest'

import { ask, askJson } from './support/ask.ts'
import { gatedWorkspace } from './support/gated-workspace.ts'
import { Workspace } from './support/workspace.ts'

const server = `import { createServer } from 'node:http'
process.on('SIGUSR2', () => console.log('heard SIGUSR2'))
createServer((_, response) => response.end('{}')).listen(Number(process.env.PORT))
`

/** Two functions that are built and stay. */
const served = (): Workspace => {
  const run = ['node', '-e', 'setInterval(() => {}, 1e6)']
  return gatedWorkspace({ orders: { run }, billing: { run } })
}

test.for([
  [['status']],
  [['wait', '--settled']],
  [['why', 'api']],
  [['start', 'api']],
  [['stop', 'api']],
  [['restart', 'api']],
  [['signal', 'api', 'USR2']],
] as const)('%j without a session exits 5 and says what to type', async ([args]) => {
  await using workspace = Workspace.of({ 'singletrack.jsonc': '{ "targets": {} }' })
  const { code, stdout, stderr } = await ask(workspace, args)
  expect({ code, stdout }).toEqual({ code: 5, stdout: '' })
  expect(stderr).toBe(
    `singletrack: no session runs in ${workspace.root}; start one with "singletrack watch"\n`,
  )
  const { document } = await askJson(workspace, args)
  expect(document).toMatchObject({ v: 1, type: 'error', code: 'NO_SESSION', exitCode: 5 })
})

test('status shows each target with its phase, process and link', async () => {
  await using workspace = await Workspace.functions()
  await using _session = await workspace.session()
  const { code, stdout } = await ask(workspace, ['status'])
  expect(code).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  expect(lines[0]).toMatch(new RegExp(`^singletrack \\S+ in ${workspace.root}, pid \\d+, for `))
  expect(lines[1]).toMatch(/^TARGET +PHASE +PID +FOR +DETAIL$/)
  expect(lines.find((line) => line.startsWith('orders'))).toMatch(
    new RegExp(`^orders +ready +\\d+ +\\d.* http://localhost:${workspace.ports['orders']}`),
  )
  expect(lines.at(-1)).toBe('settled')
})

test('status --json is the state of the session as one document', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const { document } = await askJson(workspace, ['status'])
  expect(document).toMatchObject({
    v: 1,
    type: 'status',
    root: workspace.root,
    pid: session.pid,
    watching: true,
    paused: false,
    settlement: { kind: 'settled' },
  })
  expect((document['targets'] as { readonly name: string }[]).map(({ name }) => name)).toEqual([
    'schema',
    'shared',
    'orders',
    'billing',
    'emails',
  ])
})

test('a failed build is shown with its first error and what goes on serving', async () => {
  await using workspace = served()
  await using session = await workspace.session()
  workspace.write('src/billing.txt', 'BROKEN')
  await session.event(({ type }) => type === 'build-failed')
  const { stdout } = await ask(workspace, ['status'])
  expect(stdout).toMatch(
    /^billing +build-failed .*src\/billing\.txt:1:1: BROKEN.*the last good one serves$/m,
  )
  const { code, stdout: waited } = await ask(workspace, ['wait', '--settled'])
  expect(code).toBe(1)
  expect(waited).toMatch(/^billing: build failed: /)
})

test('status --history needs no session and tells what came of the last builds', async () => {
  await using workspace = Workspace.of({
    'singletrack.jsonc': '{ "targets": { "api": { "build": ["node", "-e", "process.exit(3)"] } } }',
  })
  await ask(workspace, ['build'])
  const { code, stdout } = await ask(workspace, ['status', '--history'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/ build +singletrack build \(pid \d+\)  *failed \(exit code 3\) api:/)
})

test('stop, start, restart and signal reach one target and leave the others alone', async () => {
  await using workspace = Workspace.of({ 'server.mjs': server })
  workspace.write(
    'singletrack.jsonc',
    JSON.stringify({
      targets: Object.fromEntries(
        ['api', 'web'].map((name) => [
          name,
          {
            watch: [],
            run: [
              'node',
              '-e',
              "process.on('SIGUSR2', () => console.log('heard SIGUSR2')); setInterval(() => {}, 1e6)",
            ],
          },
        ]),
      ),
    }),
  )
  await using session = await workspace.session()
  const pids = async (): Promise<Record<string, unknown>> => {
    const { document } = await askJson(workspace, ['status'])
    const targets = document['targets'] as { name: string; run: { pid?: number } }[]
    return Object.fromEntries(targets.map(({ name, run }) => [name, run.pid ?? null]))
  }
  const before = await pids()
  expect((await ask(workspace, ['stop', 'api'])).stdout).toBe('stopped api\n')
  expect(await pids()).toEqual({ ...before, api: null })
  expect((await ask(workspace, ['signal', 'api', 'usr2'])).code).toBe(1)
  expect((await ask(workspace, ['start', 'api'])).code).toBe(0)
  expect((await ask(workspace, ['wait', '--ready', 'api'])).code).toBe(0)
  const started = await pids()
  expect(started).toEqual({ ...before, api: expect.any(Number) })
  await ask(workspace, ['restart', 'api'])
  await ask(workspace, ['wait', '--ready', 'api'])
  const restarted = await pids()
  expect(restarted['web']).toBe(before['web'])
  expect(restarted['api']).not.toBe(started['api'])
  expect((await ask(workspace, ['signal', 'web', 'usr2'])).stdout).toBe('sent SIGUSR2 to web\n')
  await session.event((event) => event.type === 'output' && event.line === 'heard SIGUSR2')
})

test('an unknown target is a usage error that names the nearest', async () => {
  await using workspace = served()
  await using _session = await workspace.session()
  const { code, stderr } = await ask(workspace, ['why', 'order'])
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'singletrack: there is no target "order"; did you mean "orders"?\n',
  })
  expect((await ask(workspace, ['signal', 'orders', 'SIGNONE'])).stderr).toContain(
    'there is no signal "SIGNONE"',
  )
})

test('why tells the whole chain, from the file to the process that serves it', async () => {
  await using workspace = served()
  await using _session = await workspace.session()
  workspace.write('src/orders.txt', '2')
  expect((await ask(workspace, ['wait'])).code).toBe(0)
  const { document } = await askJson(workspace, ['why', 'orders'])
  const chain = document['chain'] as { readonly type: string }[]
  expect(chain.map(({ type }) => type)).toEqual([
    'changed',
    'queued',
    'build-started',
    'build-succeeded',
    'stopping',
    'stopped',
    'starting',
    'ready',
  ])
  const { stdout } = await ask(workspace, ['why', 'orders'])
  expect(stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3} +orders +changed: src\/orders\.txt$/m)
  expect(stdout).toMatch(/^orders +ready /m)
})
