import { expect, test } from 'vitest'

import { loaded, temporaryWorkspace } from '../../../test/configuration/temporary-workspace.ts'

/** The table of defaults: the setting, the value, and when it holds. */
const table: Readonly<Record<string, unknown>> = {
  debounce: '50ms',
  singleDebounce: '10ms',
  maxWait: '400ms',
  policy: 'attention',
  gitignore: true,
  ignore: [],
  concurrency: 4,
  'watcher.backend': 'auto',
  'watcher.poll': false,
  'watcher.followSymlinks': false,
  // One build at a time in the workspace, unless the configuration says that more is safe.
  'resources.build.capacity': 1,
  'targets.api.build.uses': ['build'],
  'targets.api.build.outputs': [],
  'targets.api.build.onBusy': 'queue',
  'targets.api.build.timeout': undefined,
  'targets.api.build.diagnostics': 'auto',
  'targets.api.cwd': '.',
  'targets.api.watch': ['**'],
  'targets.api.dependsOn': [],
  'targets.api.start': 'eager',
  'targets.api.priority': 0,
  'targets.api.run.ready': 'spawned',
  'targets.api.run.stop.signal': 'SIGTERM',
  'targets.api.run.stop.grace': '5s',
  'targets.api.run.stop.command': undefined,
  'targets.api.run.restart.on': 'crash',
  'targets.api.run.restart.initial': '200ms',
  'targets.api.run.restart.max': '10s',
  'targets.api.run.restart.times': 5,
  'targets.api.run.restart.within': '1m',
  'targets.api.run.debug': false,
  // A target with a port is ready when it listens.
  'targets.web.run.ready.port': 3000,
  'targets.web.run.ready.timeout': '30s',
  'targets.web.build.uses': undefined,
  // A function is ready when it asks for its first invocation.
  'targets.fn.run.ready.lambda': true,
  'targets.fn.run.ready.timeout': '30s',
  'targets.fn.invocation.timeout': '30s',
  'targets.fn.invocation.concurrency': 1,
  'targets.fn.invocation.idle': undefined,
  'targets.fn.invocation.memory': 128,
  'targets.api.invocation.timeout': undefined,
}

test('the defaults are those of the table', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        api: { build: ['make'], run: ['api'] },
        web: { run: { command: ['web'], port: 3000 } },
        fn: { start: 'on-invoke', run: ['fn'] },
      },
    }),
  })
  const { settings } = loaded(await workspace.load())
  const values = new Map(settings.map(({ path, value }) => [path, value]))
  expect(Object.fromEntries(Object.keys(table).map((path) => [path, values.get(path)]))).toEqual(
    table,
  )
})

test('all that was not written comes from the defaults', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': '{ "targets": { "api": { "run": ["api"] } } }',
  })
  const { settings } = loaded(await workspace.load())
  const written = settings.filter(({ origin }) => origin !== 'default').map(({ path }) => path)
  expect(written).toEqual(['targets.api.run.command'])
})
