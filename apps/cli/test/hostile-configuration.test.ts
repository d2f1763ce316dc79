import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ask } from './support/ask.ts'
import { STUBBORN } from './support/stubborn.ts'
import { Workspace } from './support/workspace.ts'

/** Another value for one setting, or `undefined` where it is left as it is. */
const or = (...values: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.constantFrom(...values) },
  )

/** Good configurations with some settings changed: to other good values, and to bad ones. */
const mutated = fc
  .record({
    debounce: or('1ms', '0ms', '80ms', 'soon'),
    singleDebounce: or('5ms', '-1ms'),
    maxWait: or('1s', '1ms'),
    ignore: or(['*.md'], ['*'], ['!**'], 7),
    gitignore: or(false),
    policy: or('fifo', 'topological', 'nobody'),
    concurrency: or(1, 4, 0),
    resources: or({ dist: 1 }, { dist: { capacity: 1, at: 'sub' } }, { dist: 0 }, null),
    tool: fc.record({
      watch: or([], ['**'], ['tool.txt', '!**'], ['../..']),
      uses: or([], ['dist'], ['nothing'], { dist: 2 }),
      command: or(['node', '-e', 'process.exit(1)'], ['no-such-program'], [], ['node', '${no}']),
      outputs: or(['dist/**'], ['**'], ['tool.txt']),
    }),
    plain: fc.record({
      cwd: or('sub', 'missing', '../..'),
      env: or({ A: '1' }, { PORT: '1', SINGLETRACK_JOB: 'x' }, { '': '1' }),
      dependsOn: or([], ['plain'], ['ghost'], [{ target: 'tool', until: 'exited' }]),
      start: or('manual', 'external', 'on-invoke'),
      grace: or('1ms', '0s', '-1s'),
    }),
    without: or('tool', 'plain'),
  })
  .map(({ tool, plain, without, ...top }) => (mark: number) => {
    const targets = {
      mark: { watch: [], start: 'manual', env: { MARK: String(mark) }, run: ['true'] },
      tool: {
        watch: tool.watch ?? ['tool.txt'],
        build: {
          command: tool.command ?? ['node', '-e', ''],
          ...(tool.uses === undefined ? {} : { uses: tool.uses }),
          ...(tool.outputs === undefined ? {} : { outputs: tool.outputs }),
        },
      },
      plain: {
        watch: ['plain.txt'],
        dependsOn: plain.dependsOn ?? ['tool'],
        ...(plain.cwd === undefined ? {} : { cwd: plain.cwd }),
        ...(plain.env === undefined ? {} : { env: plain.env }),
        ...(plain.start === undefined ? {} : { start: plain.start }),
        run: {
          command: ['node', STUBBORN, 'plain'],
          ready: { output: '^up ' },
          stop: { grace: plain.grace ?? '2s' },
        },
      },
    }
    const kept = Object.entries(targets).filter(([name]) => name !== without)
    const settings = Object.entries(top).filter(([, value]) => value !== undefined)
    return JSON.stringify({
      ...Object.fromEntries(settings),
      targets: Object.fromEntries(kept),
    })
  })

const good = JSON.stringify({
  targets: {
    mark: { watch: [], start: 'manual', env: { MARK: 'good' }, run: ['true'] },
    tool: { watch: ['tool.txt'], build: ['node', '-e', ''] },
    plain: {
      watch: ['plain.txt'],
      dependsOn: ['tool'],
      run: { command: ['node', STUBBORN, 'plain'], ready: { output: '^up ' } },
    },
  },
})

test('whatever a good configuration is changed to while it runs, a session takes it or says why not, and ends clean', async () => {
  await using workspace = Workspace.of({
    'singletrack.jsonc': good,
    'tool.txt': '1',
    'plain.txt': '1',
    'sub/a.txt': '1',
  })
  await using session = await workspace.session()
  let mark = 0
  await fc.assert(
    fc.asyncProperty(mutated, async (write) => {
      const from = session.events().length
      mark += 1
      const text = write(mark)
      workspace.write('singletrack.jsonc', text)
      const told = await session.event(
        ({ type }) => type === 'configuration-invalid' || type === 'configuration-changed',
        from,
      )
      if (told.type !== 'configuration-invalid') return
      expect(told.problems).not.toEqual([])
      for (const problem of told.problems) expect(problem).toMatch(/singletrack\.jsonc/)
    }),
    { numRuns: 25, interruptAfterTimeLimit: 20_000 },
  )
  expect(mark).toBeGreaterThan(0)
  workspace.write('singletrack.jsonc', good)
  expect(await ask(workspace, ['wait', '--ready', 'plain'])).toMatchObject({ code: 0 })
  expect((await session.endBy('SIGINT')).code).toBe(130)
  expect(session.stdout + session.stderr).not.toMatch(/internal error|TypeError|at file:/)
  expect(workspace.processes()).toEqual([])
})
