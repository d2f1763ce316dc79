import { afterAll, beforeAll, expect, test } from 'vitest'

import { askJson } from './support/ask.ts'
import { freePorts } from './support/free-ports.ts'
import type { Program } from './support/program.ts'
import { README, code, tableBelow } from './support/readme.ts'
import { Workspace } from './support/workspace.ts'

const settings = tableBelow(README, 'Defaults').map(
  ([setting, value]) => [code(setting), code(value)] as const,
)

/** The values of a workspace that says as little as can be said. */
async function resolved(): Promise<ReadonlyMap<string, string>> {
  await using workspace = Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        NAME: { build: ['make'], run: ['name'] },
        WEB: { run: { command: ['web'], port: 3000 } },
        FN: { start: 'on-invoke', run: ['fn'] },
      },
    }),
  })
  const { document } = await askJson(workspace, ['config', '--resolved'])
  const all = document['settings'] as readonly { path: string; value: unknown; origin: string }[]
  return new Map(
    all
      .filter(({ origin }) => origin === 'default')
      .map(({ path, value }) => [path, JSON.stringify(value)]),
  )
}

test('the defaults are those of the table in the README', async () => {
  const values = await resolved()
  expect(settings.map(([setting]) => [setting, values.get(setting) ?? ''])).toEqual(settings)
})

test('no default is missing in the table of the README', async () => {
  const values = await resolved()
  const told = new Set(settings.map(([setting]) => setting.replace(/(?<=^targets\.)\w+/, '*')))
  const untold = [...values.keys()]
    .map((path) => path.replace(/(?<=^targets\.)\w+/, '*'))
    .filter((path) => !told.has(path))
  expect([...new Set(untold)]).toEqual(['concurrency'])
})

const crashesWhenAsked =
  "require('node:http').createServer(() => process.exit(4)).listen(process.env.PORT, '127.0.0.1')"
const node = (script: string): readonly string[] => ['node', '-e', script]

let workspace: Workspace
let session: Program

beforeAll(async () => {
  const [port = 0, other = 0, unused = 0] = await freePorts(3)
  workspace = Workspace.of({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        first: { watch: [], build: node('setTimeout(() => {}, 50)') },
        second: { watch: [], build: node('setTimeout(() => {}, 50)') },
        job: { watch: [], run: node('process.exit(0)') },
        broken: { watch: [], run: { command: node('process.exit(3)'), port: unused } },
        flaky: { watch: [], run: { command: node(crashesWhenAsked), port } },
        deaf: {
          watch: [],
          run: {
            command: node('setInterval(() => {}, 1e6)'),
            ready: { port: other, timeout: '300ms' },
          },
        },
        waiting: { watch: [], dependsOn: ['deaf'], run: node('setInterval(() => {}, 1e6)') },
        failing: { watch: [], build: node('process.exit(1)') },
        dependent: { watch: [], dependsOn: ['failing'], build: node('') },
      },
    }),
  })
  session = workspace.run(['watch', '--json'])
  await session.event((event) => event.type === 'ready' && event.target === 'flaky')
  await fetch(`http://127.0.0.1:${port}/`).catch(() => undefined)
})

afterAll(async () => {
  await session[Symbol.asyncDispose]()
  await workspace[Symbol.asyncDispose]()
})

const happens: Readonly<Record<string, () => Promise<void>>> = {
  'two builds without `uses`': async () => {
    for (const target of ['first', 'second'])
      await session.event((event) => event.type === 'build-succeeded' && event.target === target)
    const of = ['build-started', 'build-succeeded']
    const order = session
      .events()
      .flatMap((event) =>
        of.includes(event.type) && 'target' in event && /first|second/.test(event.target ?? '')
          ? [`${event.type} ${event.target}`]
          : [],
      )
    const one = (target: string): readonly string[] => of.map((type) => `${type} ${target}`)
    expect([
      [...one('first'), ...one('second')],
      [...one('second'), ...one('first')],
    ]).toContainEqual(order)
  },
  'a run ends with exit code 0': async () => {
    const { id } = await session.event(({ type }) => type === 'completed')
    // What would have started it again comes at once; a crash that is told later proves the absence.
    await session.event((event) => event.type === 'crashed' && event.target === 'flaky')
    const later = session.events().filter((event) => event.id > id)
    expect(later.filter((event) => 'target' in event && event.target === 'job')).toEqual([])
  },
  'a run crashes before it was ready': async () => {
    const crashed = await session.event(
      (event) => event.type === 'crashed' && event.target === 'broken',
    )
    expect(crashed).toMatchObject({ end: { kind: 'code', code: 3 }, restartInMs: null })
  },
  'a run crashes after it was ready': async () => {
    const crashed = await session.event(
      (event) => event.type === 'crashed' && event.target === 'flaky',
    )
    expect(crashed).toMatchObject({ end: { kind: 'code', code: 4 }, restartInMs: 200 })
    await session.event(
      (event) => event.type === 'starting' && event.target === 'flaky' && event.id > crashed.id,
    )
  },
  'a check is not met in its time': async () => {
    await session.event((event) => event.type === 'not-ready' && event.target === 'deaf')
    const { document } = await askJson(workspace, ['status'])
    expect(document['targets']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'deaf', phase: 'not-ready' }),
        expect.objectContaining({ name: 'waiting', phase: 'waiting' }),
      ]),
    )
  },
  'a build fails': async () => {
    expect(
      await session.event((event) => event.type === 'skipped' && event.target === 'dependent'),
    ).toMatchObject({ because: 'failing' })
  },
}

const situations = tableBelow(README, 'What happens unless you say otherwise')

test.for(situations.map(([situation = '', words = '']) => [situation, words] as const))(
  '%s: %s',
  async ([situation]) => {
    const tried = happens[situation]
    if (tried === undefined) throw new Error(`no test shows what happens when ${situation}`)
    await tried()
  },
)
