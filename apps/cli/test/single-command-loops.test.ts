import { rmSync } from 'node:fs'
import { join } from 'node:path'

import type { CommandWatchEvent } from '@singletrack/orchestrator'
import { expect, test } from 'vitest'

import { eventually } from './support/eventually.ts'
import type { Program } from './support/program.ts'
import { Workspace } from './support/workspace.ts'

/** Appends to a log, and goes on if it is told to. */
const COMMAND = `import { appendFileSync } from 'node:fs'
appendFileSync('run.log', 'x')
if (process.argv[2] === 'serve') setInterval(() => undefined, 1_000)
`

const loopingWorkspace = (): Workspace =>
  Workspace.of({ 'main.mjs': COMMAND, 'source.ts': '1', 'dist/.keep': '' })

const eventsOf = (program: Program): readonly CommandWatchEvent[] =>
  program.stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as CommandWatchEvent)

async function event(
  program: Program,
  type: CommandWatchEvent['type'],
  after = 0,
): Promise<CommandWatchEvent> {
  return eventually(
    () => `${type}\n${program.tail()}`,
    () =>
      eventsOf(program)
        .slice(after)
        .find((each) => each.type === type),
  )
}

test.for([
  ['that ends', ['-o', 'queue'], []],
  ['that serves', [], ['serve']],
] as const)(
  'a command %s and writes what it watches must not run forever, and the path is named',
  async ([, options, args]) => {
    await using workspace = loopingWorkspace()
    await using watch = workspace.run([
      'watch',
      '--json',
      ...options,
      '--',
      'node',
      'main.mjs',
      ...args,
    ])
    expect(await event(watch, 'loop')).toMatchObject({ path: 'run.log', ignore: '/run.log' })
    // Of the log no more is heard; what somebody edits still counts.
    const from = eventsOf(watch).length
    workspace.write('source.ts', '2')
    expect(await event(watch, 'starting', from)).toMatchObject({
      changed: { paths: ['source.ts'] },
    })
    expect((await watch.endBy('SIGTERM')).code).toBe(143)
    expect(workspace.processes()).toEqual([])
  },
)

test('a loop is told to people with the option that ends it', async () => {
  await using workspace = loopingWorkspace()
  await using watch = workspace.run(['watch', '-o', 'queue', '--', 'node', 'main.mjs'])
  await watch.says(
    "node main.mjs changes run.log, which it watches; that path no longer counts: add -i '/run.log'",
  )
  expect(watch.stderr).toContain('waits for 2 s of quiet: it changes what it watches')
})

test('a run that has lost its lock is told at once, and makes room for one that has it', async () => {
  await using workspace = loopingWorkspace()
  await using watch = workspace.run([
    'watch',
    '--json',
    '-w',
    'source.ts',
    '--uses',
    'dist',
    '--',
    'node',
    'main.mjs',
    'serve',
  ])
  await event(watch, 'started')
  const from = eventsOf(watch).length
  rmSync(join(workspace.root, '.singletrack', 'locks'), { recursive: true })
  expect(await event(watch, 'warning', from)).toMatchObject({ code: 'LOCK_LOST' })
  await event(watch, 'exited', from)
  await event(watch, 'started', from)
  expect(
    eventsOf(watch)
      .slice(from)
      .map(({ type }) => type),
  ).toEqual(['warning', 'stopping', 'exited', 'starting', 'started'])
})
