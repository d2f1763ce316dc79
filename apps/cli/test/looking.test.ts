import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { ask, askJson } from './support/ask.ts'
import { Workspace } from './support/workspace.ts'

const talker = {
  'singletrack.jsonc': JSON.stringify({
    targets: {
      api: { watch: [], env: { GREETING: "it's me", PLAIN: '1' }, run: ['node', 'talk.mjs'] },
      other: { watch: [], run: ['node', '-e', "console.log('other'); setInterval(() => {}, 1e6)"] },
    },
  }),
  'talk.mjs': `console.log('first line'); console.error('an error')
process.on('SIGUSR2', () => console.log('later line'))
setInterval(() => {}, 1e6)
`,
}

test('logs come from the session while one runs, and from files afterwards', async () => {
  await using workspace = Workspace.of(talker)
  await using session = await workspace.session()
  await session.event((event) => event.type === 'output' && event.line === 'an error')
  const { stdout } = await ask(workspace, ['logs', 'api', '--since', '10m'])
  expect(
    stdout
      .split('\n')
      .map((line) => line.replace(/^api +│ /, ''))
      .toSorted(),
  ).toEqual(['', 'an error', 'first line'])
  await session.endBy('SIGTERM')
  expect((await ask(workspace, ['logs', 'api', '--grep', '^an'])).stdout).toMatch(
    /^api +│ an error\n$/,
  )
  const { document } = await askJson(workspace, ['logs', '--grep', 'other'])
  expect(document).toMatchObject({
    v: 1,
    type: 'logs',
    records: [{ target: 'other', source: 'run', stream: 'stdout', line: 'other' }],
  })
})

test('logs -f goes on with what is printed, once each, until the session ends', async () => {
  await using workspace = Workspace.of(talker)
  await using session = await workspace.session()
  await session.event((event) => event.type === 'output' && event.line === 'first line')
  await using following = workspace.run(['logs', 'api', '-f', '--grep', 'line'])
  await following.says('first line')
  await ask(workspace, ['signal', 'api', 'USR2'])
  await following.says('later line')
  await session.endBy('SIGTERM')
  expect((await following.end()).code).toBe(0)
  expect(following.stdout).toMatch(/^api +│ first line\napi +│ later line\n$/)
})

test('logs refuses what it cannot mean', async () => {
  await using workspace = Workspace.of(talker)
  expect((await ask(workspace, ['logs', '-f'])).code).toBe(5)
  expect((await ask(workspace, ['logs', '--grep', '('])).stderr).toContain('--grep: ')
  expect((await ask(workspace, ['logs', '--since', 'yesterday'])).code).toBe(2)
  expect((await ask(workspace, ['logs', '--limit', '0'])).code).toBe(2)
})

test.for([['with a session'], ['without one']] as const)(
  'explain names the very rule that takes a file, or the line that ignores it, %s',
  async ([when]) => {
    await using workspace = await Workspace.functions()
    await using _session = when === 'with a session' ? await workspace.session() : null
    expect((await ask(workspace, ['explain', 'services/orders/main.ts'])).stdout).toBe(
      'orders  is built  because of services/orders/**\n',
    )
    const shared = await ask(workspace, ['explain', 'build.mjs'])
    expect(shared.stdout).toMatch(/^orders +is built +because of build\.mjs$/m)
    expect((await ask(workspace, ['explain', 'README.md'])).stdout).toMatch(
      /^README\.md: ignored by .*\*\.md/,
    )
    const { document } = await askJson(workspace, ['explain', 'shared/extra.ts'])
    expect(document).toMatchObject({
      v: 1,
      type: 'explanation',
      path: 'shared/extra.ts',
      targets: [{ name: 'shared', rule: 'shared/**', does: 'pass-on' }],
    })
  },
)

test('plan says what a start would do, dependencies first', async () => {
  await using workspace = await Workspace.functions()
  const { document } = await askJson(workspace, ['plan'])
  const steps = document['steps'] as { target: string; action: string; waitsFor: string[] }[]
  expect(steps.filter(({ action }) => action === 'build').map(({ target }) => target)).toEqual([
    'schema',
    'billing',
    'orders',
    'emails',
  ])
  expect(steps.find(({ target }) => target === 'orders')?.waitsFor).toEqual(['schema'])
})

test('plan --change with a session knows how long builds take, and changes nothing', async () => {
  await using workspace = await Workspace.functions()
  await using session = await workspace.session()
  const before = session.events().length
  const { document } = await askJson(workspace, ['plan', '--change', 'shared/extra.ts'])
  const steps = document['steps'] as {
    readonly target: string
    readonly action: string
    readonly expectedStartMs: number
    readonly expectedMs: number
  }[]
  const builds = steps.filter(({ action }) => action === 'build')
  expect(builds.map(({ target }) => target).toSorted()).toEqual(['billing', 'emails', 'orders'])
  // One output directory, so one after the other.
  for (const [index, { expectedStartMs }] of builds.entries()) {
    const earlier = builds.slice(0, index).reduce((sum, { expectedMs }) => sum + expectedMs, 0)
    expect(expectedStartMs).toBe(earlier)
  }
  expect(steps.filter(({ action }) => action === 'restart')).toHaveLength(3)
  expect((await ask(workspace, ['plan'])).stdout).toBe('there is nothing to do\n')
  expect(session.events().slice(before)).toEqual([])
})

test.for([['with a session'], ['without one']] as const)(
  'env prints what a debugger needs, %s',
  async ([when]) => {
    await using workspace = Workspace.of(talker)
    await using _session = when === 'with a session' ? await workspace.session() : null
    const { code, stdout } = await ask(workspace, ['env', 'api'])
    expect(code).toBe(0)
    expect(stdout).toContain('GREETING="it\'s me"\n')
    expect(stdout).toContain('PLAIN=1\n')
    expect(stdout).not.toContain('SINGLETRACK_')
    const { document } = await askJson(workspace, ['env', 'api'])
    expect(document).toMatchObject({ cwd: workspace.root, env: { PLAIN: '1' } })
  },
)

test('config --resolved prints each value with where it came from', async () => {
  await using workspace = Workspace.of(talker)
  const { code, stdout } = await ask(workspace, ['config', '--resolved'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^targets\.api\.env\.PLAIN = "1" +# singletrack\.jsonc:1$/m)
  expect(stdout).toMatch(/# default$/m)
  expect((await ask(workspace, ['config'])).stdout).toContain('2 targets: api, other\n')
  const { document } = await askJson(workspace, ['config', 'api'])
  const settings = document['settings'] as readonly { readonly path: string }[]
  expect(settings.every(({ path }) => path.startsWith('targets.api.'))).toBe(true)
})

test('init writes what it found, once, and a session starts from it', async () => {
  await using workspace = Workspace.of({
    'package.json': JSON.stringify({ name: 'shop', scripts: { start: 'node server.js' } }),
    'singletrack.local.jsonc': '{}',
  })
  const { code, stdout } = await ask(workspace, ['init'])
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout:
      'wrote singletrack.jsonc with shop\nadded singletrack.local.jsonc to .gitignore\nstart with "singletrack watch"\n',
  })
  expect(readFileSync(join(workspace.root, '.gitignore'), 'utf8')).toBe('singletrack.local.jsonc\n')
  const written = workspace.read('singletrack.jsonc')
  const again = await askJson(workspace, ['init'])
  expect(again).toMatchObject({ code: 2, document: { code: 'CONFIGURATION_EXISTS' } })
  expect(workspace.read('singletrack.jsonc')).toBe(written)
  expect((await ask(workspace, ['config'])).stdout).toContain('1 target: shop\n')
})

test('init where there is nothing writes nothing and shows what to write', async () => {
  await using workspace = Workspace.of({})
  const { code, stderr } = await ask(workspace, ['init'])
  expect(code).toBe(2)
  expect(stderr).toContain('"targets"')
  expect(() => workspace.read('singletrack.jsonc')).toThrow('ENOENT')
})

test('trace writes the boxes of queue, build, stop, start and ready of each target', async () => {
  await using workspace = await Workspace.functions()
  await using _session = await workspace.session()
  expect((await ask(workspace, ['trace', '-o', 'trace.json'])).code).toBe(0)
  const { traceEvents } = JSON.parse(workspace.read('trace.json')) as {
    readonly traceEvents: readonly {
      readonly name: string
      readonly ph: string
      readonly dur?: number
    }[]
  }
  const names = new Set(traceEvents.filter(({ ph }) => ph === 'X').map(({ name }) => name))
  expect([...names]).toEqual(expect.arrayContaining(['queue', 'build', 'start', 'ready']))
  expect(traceEvents.every(({ dur }) => dur === undefined || dur >= 0)).toBe(true)
})

test('completion prints a script, and completes commands', async () => {
  await using workspace = Workspace.of({})
  expect((await ask(workspace, ['completion'])).stdout).toContain('singletrack')
  expect((await ask(workspace, ['--get-yargs-completions', 'singletrack', 'st'])).stdout).toMatch(
    /^status/m,
  )
})
