import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { ask, askJson } from './support/ask.ts'
import type { Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

const node = (script: string): readonly string[] => ['node', '-e', script]
const stays = node('setInterval(() => {}, 1e6)')

/** One session in which each target is in a situation of its own. */
let workspace: Workspace
let session: Program
let holder: Program

beforeAll(async () => {
  workspace = Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      resources: { dist: 1 },
      ignore: ['private/'],
      targets: {
        good: {
          watch: ['src/good.txt'],
          build: {
            command: node("require('fs').copyFileSync('src/good.txt', 'out.txt')"),
            outputs: ['out.txt'],
          },
          run: stays,
        },
        broken: {
          watch: ['src/broken.txt'],
          build: node("console.error('src/broken.txt:3:1: error: no such word'); process.exit(3)"),
        },
        needy: { watch: [], dependsOn: ['broken'], build: node('') },
        crashed: {
          watch: ['src/crashed.txt'],
          run: { command: node('process.exit(9)'), ready: { output: 'never' } },
        },
        hoping: { watch: [], dependsOn: [{ target: 'crashed', until: 'ready' }], run: stays },
        done: { watch: [], run: node('') },
        asleep: { watch: ['src/asleep.txt'], start: 'manual', run: stays },
        debugged: { watch: [], start: 'external', run: stays },
        blocked: { watch: [], build: { command: node(''), uses: ['dist'] } },
        slow: {
          watch: [],
          build: {
            command: node(
              "const t = setInterval(() => require('fs').existsSync('go') && process.exit(0), 10)",
            ),
            uses: [],
          },
        },
        everything: {
          watch: ['src/**'],
          start: 'manual',
          build: { command: node(''), outputs: ['src/made/**'] },
        },
      },
    }),
    '.gitignore': '*.log\n',
    'src/good.txt': '1',
    'src/broken.txt': '1',
    'src/crashed.txt': '1',
  })
  holder = workspace.run([
    'exec',
    '--uses',
    'dist',
    '--',
    ...node("console.log('holds'); setInterval(() => {}, 1e6)"),
  ])
  await holder.says('holds')
  session = workspace.run(['watch', '--json'])
  await session.event((event) => event.type === 'skipped')
  await session.event((event) => event.type === 'crashed')
  await session.event((event) => event.type === 'completed')
  await session.event((event) => event.type === 'held' && event.target === 'blocked')
  await session.event((event) => event.type === 'ready' && event.target === 'good')
  await session.event((event) => event.type === 'build-started' && event.target === 'slow')
})

afterAll(async () => {
  await session[Symbol.asyncDispose]()
  await holder[Symbol.asyncDispose]()
  await workspace[Symbol.asyncDispose]()
})

const BLOCKED = /waiting for dist by singletrack exec \(running node -e .*pid \d+, \d+ s\)/

test.for<[string, RegExp, Readonly<Record<string, unknown>>]>([
  [
    'good',
    /^good +ready +\d+ +\S/,
    { phase: 'ready', build: { kind: 'succeeded' }, run: { kind: 'ready' } },
  ],
  [
    'broken',
    /^broken +build-failed .*src\/broken\.txt:3:1.*no such word/,
    { phase: 'build-failed', build: { kind: 'failed', end: { kind: 'code', code: 3 } } },
  ],
  ['needy', /^needy +skipped +broken failed$/, { phase: 'skipped', build: { because: 'broken' } }],
  [
    'crashed',
    /^crashed +crashed .*exit code 9, waits for a change$/,
    { phase: 'crashed', run: { end: { kind: 'code', code: 9 }, restartAt: null } },
  ],
  [
    'hoping',
    /^hoping +waiting .*waits for crashed to be ready, which is crashed$/,
    { phase: 'waiting', run: { kind: 'waiting', hold: { kind: 'dependency', on: ['crashed'] } } },
  ],
  ['done', /^done +completed +\S/, { phase: 'completed', run: { kind: 'completed' } }],
  ['asleep', /^asleep +idle +starts when asked$/, { wanted: false, start: 'manual' }],
  ['debugged', /^debugged +external$/, { phase: 'external', run: { kind: 'external' } }],
  ['blocked', BLOCKED, { phase: 'queued', build: { hold: { kind: 'external', on: ['dist'] } } }],
  ['slow', /^slow +building +\d+ +\S/, { phase: 'building', build: { kind: 'building' } }],
])('status says of %s what is true, in text and JSON', async ([name, row, state]) => {
  const { code, stdout } = await ask(workspace, ['status'])
  expect(code).toBe(0)
  expect(
    stdout
      .split('\n')
      .map((line) => line.trimEnd())
      .find((line) => line.startsWith(name)),
  ).toMatch(row)
  const { document } = await askJson(workspace, ['status'])
  const targets = document['targets'] as readonly { readonly name: string }[]
  expect(targets.find((target) => target.name === name)).toMatchObject(state)
})

test.for<[string, readonly string[], RegExp]>([
  ['good', ['queued', 'build-started', 'build-succeeded', 'starting', 'ready'], /ready after/],
  ['broken', ['queued', 'build-started', 'build-failed'], /build failed after .*exit code 3/],
  ['needy', ['queued', 'skipped'], /skipped, broken failed/],
  ['crashed', ['starting', 'crashed'], /crashed \(exit code 9\)/],
  ['hoping', ['held'], /waits for crashed to be ready/],
  ['done', ['starting', 'completed'], /completed/],
  ['asleep', [], /nothing has happened to asleep yet/],
  ['blocked', ['queued', 'held'], BLOCKED],
  ['slow', ['queued', 'build-started'], /building: node/],
])('why says of %s what led to it, in text and JSON', async ([name, types, words]) => {
  const { code, stdout } = await ask(workspace, ['why', name])
  expect(code).toBe(0)
  expect(stdout).toMatch(words)
  const { document } = await askJson(workspace, ['why', name])
  const chain = document['chain'] as readonly { readonly type: string; readonly target: string }[]
  // Holds come and go while it waits.
  const told = chain.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1])
  expect(told).toEqual(types)
  expect(chain.every(({ target }) => target === name)).toBe(true)
})

test('wait names who is busy while somebody is, and a session that is settled names who is not well', async () => {
  const busy = await askJson(workspace, ['wait', '--timeout', '1ms'])
  expect(busy).toMatchObject({
    code: 4,
    document: { result: { kind: 'timed-out', targets: ['blocked', 'slow'] } },
  })
  expect((await ask(workspace, ['wait', '--ready', 'good'])).code).toBe(0)
  expect(await ask(workspace, ['wait', '--ready', 'crashed'])).toMatchObject({
    code: 1,
    stdout: 'crashed: crashed: exit code 9\n',
  })
  expect(await ask(workspace, ['wait', '--ready', 'asleep'])).toMatchObject({
    code: 1,
    stdout: 'asleep: is idle\n',
  })
})

test.for<[string, string, string]>([
  ['src/good.txt', 'good  is built  because of src/good.txt\n', 'build'],
  ['src/crashed.txt', 'crashed  is restarted  because of src/crashed.txt\n', 'restart'],
])(
  'explain says of %s who reacts, and the rest only when it is started',
  async ([path, line, does]) => {
    const { stdout } = await ask(workspace, ['explain', path])
    expect(stdout.replaceAll(/ {2,}/g, '  ')).toContain(line)
    expect(stdout).toMatch(/^everything +remembers it for its next start +because of src\/\*\*$/m)
    const { document } = await askJson(workspace, ['explain', path])
    expect(document).toMatchObject({ path, watched: true, ignoredBy: null, madeBy: [] })
    expect(document['targets']).toContainEqual(expect.objectContaining({ rule: path, does }))
  },
)

test.for<[string, RegExp]>([
  ['out.txt', /^out\.txt: an output of good, not among its inputs$/m],
  ['src/made/x.txt', /^src\/made\/x\.txt: an output of everything, not among its inputs$/m],
  ['src/noise.log', /^src\/noise\.log: ignored by \.gitignore:1.*\*\.log/m],
  ['src/private/a', /^src\/private\/a: ignored by private\/ in the setting ignore$/m],
  ['src/node_modules/a', /^src\/node_modules\/a: ignored by default \(node_modules\/\)/m],
  ['docs/a.txt', /^docs\/a\.txt: no target watches there$/m],
  ['.', /^\.: watched, but no rule of a target takes it$/m],
  ['.singletrack/journal', /^\.singletrack\/journal: \.singletrack is never watched$/m],
])('explain says of %s why nobody reacts', async ([path, line]) => {
  expect((await ask(workspace, ['explain', path])).stdout).toMatch(line)
})

test.for<[string, object]>([
  ['src/noise.log', { kind: 'file', file: '.gitignore', line: 1, pattern: '*.log' }],
  ['src/private/a', { kind: 'option', pattern: 'private/' }],
  ['src/.good.txt.swp', { kind: 'default', pattern: '.*.sw?' }],
  ['src/.git/HEAD', { kind: 'never-watched', name: '.git' }],
])('explain says in JSON what hides %s', async ([path, ignoredBy]) => {
  const { document } = await askJson(workspace, ['explain', path])
  expect(document).toMatchObject({ path, ignoredBy, targets: [] })
})

test('plan says what is still to be done, and what a change would lead to, in order', async () => {
  const { document: now } = await askJson(workspace, ['plan'])
  expect(now['steps']).toMatchObject([
    { target: 'blocked', action: 'build', uses: ['dist'] },
    { target: 'slow', action: 'build', uses: [] },
  ])
  const { document: then } = await askJson(workspace, ['plan', '--change', 'src/good.txt'])
  expect(then['steps']).toMatchObject([
    {
      target: 'good',
      action: 'build',
      because: 'src/good.txt changed',
      expectedMs: expect.any(Number),
    },
    { target: 'good', action: 'restart', because: 'good is rebuilt' },
  ])
  expect((await ask(workspace, ['plan', '--change', 'docs/a.txt'])).stdout).toBe(
    'nothing would happen\n',
  )
})

test('doctor names the holders of both locks and nothing that is wrong', async () => {
  const { code, stdout } = await ask(workspace, ['doctor'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/locks +dist is held by singletrack exec \(running node -e .*, pid \d+/)
  expect(stdout).toMatch(
    new RegExp(`watch is held by singletrack watch \\(watching, pid ${session.pid}`),
  )
})

test('what is busy settles, and then the whole is said once more', async () => {
  workspace.write('go', '')
  await holder.endBy('SIGTERM')
  const { code, document } = await askJson(workspace, ['wait'])
  expect(code).toBe(1)
  expect(document['result']).toEqual({
    kind: 'broken',
    targets: [
      { name: 'broken', why: expect.stringMatching(/^build failed: .*no such word/) },
      { name: 'needy', why: 'skipped, broken failed' },
      { name: 'crashed', why: 'crashed: exit code 9' },
      { name: 'hoping', why: 'waits for crashed to be ready, which is crashed' },
    ],
  })
  rmSync(join(workspace.root, 'go'))
})
