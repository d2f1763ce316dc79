import path from 'node:path'

import { expect, test } from 'vitest'

import {
  loaded,
  problemsOf,
  temporaryWorkspace,
} from '../../test/configuration/temporary-workspace.ts'

const minimal = '{ "targets": { "api": { "run": ["node", "server.js"] } } }'

test('the minimal file runs a program and watches all that is beside it', async () => {
  using workspace = temporaryWorkspace({ 'singletrack.jsonc': minimal })
  const { workspace: found } = loaded(await workspace.load())
  expect(found).toEqual({
    root: workspace.root,
    files: [path.join(workspace.root, 'singletrack.jsonc')],
    manifests: [],
    resources: new Map([
      [
        'build',
        { name: 'build', capacity: 1, lockRoot: workspace.root, lock: 'build', directory: null },
      ],
    ]),
    ignore: [],
    gitignore: true,
    policy: 'attention',
    concurrency: 4,
    watcher: { backend: 'auto', followSymlinks: false },
    targets: new Map([
      [
        'api',
        {
          name: 'api',
          cwd: workspace.root,
          env: {},
          envFiles: [],
          watch: ['**'],
          exclude: [],
          outputs: [],
          debounceMs: 50,
          singleDebounceMs: 10,
          maxWaitMs: 400,
          priority: 0,
          dependsOn: [],
          start: 'eager',
          build: null,
          run: {
            command: { kind: 'exec', argv: ['node', 'server.js'] },
            port: null,
            ready: { kind: 'spawned' },
            stop: { signal: 'SIGTERM', graceMs: 5000, command: null },
            restart: {
              on: 'crash',
              initialMs: 200,
              maxMs: 10_000,
              times: 5,
              withinMs: 60_000,
            },
            debug: false,
          },
          invocation: null,
        },
      ],
    ]),
  })
})

test('a directory without a configuration is missing one', async () => {
  using workspace = temporaryWorkspace({})
  expect(await workspace.load()).toEqual({ kind: 'missing', root: workspace.root })
})

test('a configuration named with --config must be there', async () => {
  using workspace = temporaryWorkspace({ 'singletrack.jsonc': minimal })
  expect(problemsOf(await workspace.load({ config: 'other.jsonc' }), workspace.root)).toEqual([
    'other.jsonc: there is no such file; correct --config, or write one with "singletrack init"',
  ])
  workspace.write('other.jsonc', '{ "targets": { "web": { "run": ["web"] } } }')
  workspace.write('other.local.jsonc', '{ "policy": "lifo" }')
  const { workspace: found } = loaded(await workspace.load({ config: 'other.jsonc' }))
  expect([...found.targets.keys()]).toEqual(['web'])
  expect(found.policy).toBe('lifo')
})

test('comments, trailing commas, a byte-order mark and CRLF are fine', async () => {
  const text = '\uFEFF{\r\n  // the api\r\n  "targets": { "api": { "run": ["x"], }, },\r\n}\r\n'
  using workspace = temporaryWorkspace({ 'singletrack.jsonc': text })
  expect(loaded(await workspace.load()).workspace.targets.size).toBe(1)
})

test('the order of strength is flag, environment, local file, file, preset, default', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': JSON.stringify({
      debounce: '1ms',
      maxWait: '1s',
      policy: 'fifo',
      concurrency: 1,
      presets: { slow: { start: 'manual', priority: 1, run: { stop: { grace: '9s' } } } },
      targets: { api: { extends: 'slow', priority: 2, run: ['x'] } },
    }),
    'singletrack.local.jsonc': JSON.stringify({
      debounce: '2ms',
      maxWait: '2s',
      policy: 'lifo',
      targets: { api: { env: { A: 1 } } },
    }),
  })
  const result = loaded(
    await workspace.load({
      environment: { SINGLETRACK_DEBOUNCE: '3ms', SINGLETRACK_MAX_WAIT: '3s' },
      flags: { debounce: '4ms' },
    }),
  )
  const shown = ['debounce', 'maxWait', 'policy', 'concurrency', 'gitignore']
  const ofTarget = ['start', 'priority', 'run.stop.grace', 'run.stop.signal', 'env.A']
  const paths = [...shown, ...ofTarget.map((key) => `targets.api.${key}`)]
  expect(
    paths.map((at) => {
      const setting = result.settings.find((each) => each.path === at)
      return [at, setting?.value, result.origins.get(at)]
    }),
  ).toEqual([
    ['debounce', '4ms', 'flag --debounce'],
    ['maxWait', '3s', 'environment SINGLETRACK_MAX_WAIT'],
    ['policy', 'lifo', 'singletrack.local.jsonc:1'],
    ['concurrency', 1, 'singletrack.jsonc:1'],
    ['gitignore', true, 'default'],
    ['targets.api.start', 'manual', 'preset slow (singletrack.jsonc:1)'],
    ['targets.api.priority', 2, 'singletrack.jsonc:1'],
    ['targets.api.run.stop.grace', '9s', 'preset slow (singletrack.jsonc:1)'],
    ['targets.api.run.stop.signal', 'SIGTERM', 'default'],
    ['targets.api.env.A', 1, 'singletrack.local.jsonc:1'],
  ])
  expect(result.workspace.files.map((file) => path.basename(file))).toEqual([
    'singletrack.local.jsonc',
    'singletrack.jsonc',
  ])
})

test('every name of a variable and a flag sets what it says', async () => {
  using workspace = temporaryWorkspace({ 'singletrack.jsonc': minimal })
  const environment = {
    SINGLETRACK_POLICY: 'fifo',
    SINGLETRACK_CONCURRENCY: '3',
    SINGLETRACK_GITIGNORE: 'no',
    SINGLETRACK_BACKEND: 'inotify',
    SINGLETRACK_FOLLOW_SYMLINKS: '1',
    SINGLETRACK_JOB: 'set by a session for its children',
  }
  expect(loaded(await workspace.load({ environment })).workspace).toMatchObject({
    policy: 'fifo',
    concurrency: 3,
    gitignore: false,
    watcher: { backend: 'inotify', followSymlinks: true },
  })
  const flags = {
    policy: 'lifo',
    concurrency: 5,
    gitignore: true,
    poll: true,
    followSymlinks: false,
  }
  expect(loaded(await workspace.load({ environment, flags })).workspace).toMatchObject({
    policy: 'lifo',
    concurrency: 5,
    gitignore: true,
    watcher: { backend: 'poll', followSymlinks: false },
  })
})

test('a flag and a variable with a wrong value are named', async () => {
  using workspace = temporaryWorkspace({ 'singletrack.jsonc': minimal })
  const result = await workspace.load({
    environment: { SINGLETRACK_CONCURRENCY: 'many', SINGLETRACK_DEBOUCE: '1ms' },
    flags: { debounce: '50', policy: 'fif' },
  })
  expect(problemsOf(result, workspace.root).toSorted()).toEqual([
    'command line: --debounce: "50" has no unit; write "50ms", "50s" or "50m"',
    'command line: --policy: unknown value "fif"; did you mean "fifo"?',
    'environment: SINGLETRACK_CONCURRENCY: expected a number, found a string',
    'environment: SINGLETRACK_DEBOUCE: unknown variable; did you mean "SINGLETRACK_DEBOUNCE"?',
  ])
})

test('a target has its own times, which a flag beats', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': '{ "targets": { "a": { "debounce": "1s", "run": ["x"] } } }',
  })
  const own = loaded(await workspace.load()).workspace.targets.get('a')
  expect([own?.debounceMs, own?.singleDebounceMs, own?.maxWaitMs]).toEqual([1000, 1000, 8000])
  const flags = { debounce: '20ms' }
  const forced = loaded(await workspace.load({ flags })).workspace.targets.get('a')
  expect([forced?.debounceMs, forced?.singleDebounceMs, forced?.maxWaitMs]).toEqual([20, 20, 400])
})

test('a debounce holds for every change, unless a single one has its own', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': JSON.stringify({
      debounce: '80ms',
      targets: {
        general: { run: ['x'] },
        own: { debounce: '2s', run: ['x'] },
        both: { debounce: '2s', singleDebounce: '5ms', run: ['x'] },
      },
    }),
  })
  const { targets } = loaded(await workspace.load()).workspace
  expect([...targets.values()].map(({ singleDebounceMs }) => singleDebounceMs)).toEqual([
    80, 2_000, 5,
  ])
})

test('presets extend presets, the last one wins, and null takes something back', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': `{
      "presets": {
        "base": { "env": { "A": "base", "B": "base" }, "run": { "port": 1, "stop": { "grace": "1s" } } },
        "loud": { "extends": "base", "env": { "B": "loud" }, "watch": ["loud/**"] },
        "late": { "env": { "C": "late" }, "watch": ["late/**"] },
      },
      "targets": {
        "api": { "extends": ["loud", "late"], "env": { "A": null }, "run": { "command": ["x"], "port": null } },
        "off": { "run": ["y"] },
      },
    }`,
    'singletrack.local.jsonc': '{ "targets": { "off": null } }',
  })
  const { targets } = loaded(await workspace.load()).workspace
  expect([...targets.keys()]).toEqual(['api'])
  expect(targets.get('api')).toMatchObject({
    env: { B: 'loud', C: 'late' },
    watch: ['late/**'],
    run: { port: null, ready: { kind: 'spawned' }, stop: { graceMs: 1000 } },
  })
})

test('env beats envFile, a later file an earlier one, and the port sets PORT', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        api: {
          cwd: 'api',
          envFile: ['.env', '../.${name}.env'],
          env: { C: 'own', D: '${env:A}-${env:HOST}' },
          watch: ['src/**'],
          run: { command: ['x', '${env:B}', '${env:D}'], port: 3001 },
        },
      },
    }),
    'api/.env': '# comment\nexport A=1\nB="two\\nlines"\nC=file\r\nPORT=9\n',
    '.api.env': "A=2\nQUOTED='a # b'\n",
  })
  const result = loaded(await workspace.load({ environment: { HOST: 'here' } }))
  const api = result.workspace.targets.get('api')
  expect(api).toMatchObject({
    env: { A: '2', B: 'two\nlines', C: 'own', D: '2-here', PORT: '3001', QUOTED: 'a # b' },
    envFiles: [path.join(workspace.root, 'api/.env'), path.join(workspace.root, '.api.env')],
    watch: ['api/src/**', 'api/.env', '.api.env'],
    run: { command: { argv: ['x', 'two\nlines', '2-here'] } },
  })
  expect(result.workspace.files.map((file) => path.relative(workspace.root, file))).toEqual([
    'singletrack.jsonc',
    'api/.env',
    '.api.env',
  ])
})

test('a build, its joint command and its resources', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': JSON.stringify({
      resources: { dist: { at: 'dist' }, cpu: 8 },
      targets: {
        a: { build: ['make'] },
        b: { build: { shell: 'make | tee log', uses: [], onBusy: 'restart', timeout: '10m' } },
        c: {
          build: {
            command: ['make', '${name}'],
            joint: ['make', { each: ['-t', '${name}'] }],
            uses: { cpu: 2, dist: 1 },
            outputs: ['out', '/dist/${name}', '!out/*.map'],
            diagnostics: { pattern: '(?<file>.*)' },
          },
        },
      },
    }),
  })
  const { workspace: found } = loaded(await workspace.load())
  expect([...found.targets.values()].map(({ build }) => build)).toEqual([
    {
      command: { kind: 'exec', argv: ['make'] },
      joint: null,
      uses: { build: 1 },
      onBusy: 'queue',
      timeoutMs: null,
      diagnostics: { kind: 'named', name: 'auto' },
    },
    {
      command: { kind: 'shell', line: 'make | tee log' },
      joint: null,
      uses: {},
      onBusy: 'restart',
      timeoutMs: 600_000,
      diagnostics: { kind: 'named', name: 'auto' },
    },
    {
      command: { kind: 'exec', argv: ['make', 'c'] },
      joint: [
        { kind: 'literal', text: 'make' },
        { kind: 'each', texts: ['-t', 'c'] },
      ],
      uses: { cpu: 2, dist: 1 },
      onBusy: 'queue',
      timeoutMs: null,
      diagnostics: { kind: 'pattern', pattern: '(?<file>.*)' },
    },
  ])
  expect(found.targets.get('c')?.outputs).toEqual(['out', 'dist/c', '!out/*.map'])
  expect(found.resources.get('dist')).toEqual({
    name: 'dist',
    capacity: 1,
    lockRoot: workspace.root,
    lock: 'dist',
    directory: path.join(workspace.root, 'dist'),
  })
  // No more builds at a time than cores, unless a resource says that there is room for more.
  expect(found.concurrency).toBe(8)
})

test.for([
  ['a port', { port: 3001 }, { kind: 'port', port: 3001, timeoutMs: 30_000 }],
  ['a port, said otherwise', { port: 3001, ready: 'spawned' }, { kind: 'spawned' }],
  [
    'only a time limit',
    { port: 3001, ready: { timeout: '1s' } },
    { kind: 'port', port: 3001, timeoutMs: 1000 },
  ],
  [
    'a path',
    { port: 3001, ready: { http: '/health' } },
    { kind: 'http', url: 'http://localhost:3001/health', timeoutMs: 30_000 },
  ],
  [
    'an address',
    { ready: { http: 'https://x:${env:P}/up' } },
    { kind: 'http', url: 'https://x:9/up', timeoutMs: 30_000 },
  ],
  [
    'a line of output',
    { ready: { output: 'listening on \\d+' } },
    { kind: 'output', pattern: 'listening on \\d+', timeoutMs: 30_000 },
  ],
  [
    'a command',
    { ready: { exec: ['pg_isready', '${name}'] } },
    { kind: 'exec', command: { kind: 'exec', argv: ['pg_isready', 'api'] }, timeoutMs: 30_000 },
  ],
] as const)('readiness by %s', async ([, run, ready]) => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': JSON.stringify({ targets: { api: { run: { command: ['x'], ...run } } } }),
  })
  const { targets } = loaded(await workspace.load({ environment: { P: '9' } })).workspace
  expect(targets.get('api')?.run?.ready).toEqual(ready)
})

test('a target that starts on invocation is ready when it asks for work', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        a: { start: 'on-invoke', run: ['x'] },
        b: { run: { command: ['x'], ready: { lambda: true } }, invocation: { idle: '10m' } },
        c: { run: ['x'] },
      },
    }),
  })
  const { targets } = loaded(await workspace.load()).workspace
  const invocation = {
    timeoutMs: 30_000,
    concurrency: 1,
    queueLimit: 100,
    queueTimeoutMs: 900_000,
    memoryMb: 128,
    cors: null,
  }
  expect(targets.get('a')).toMatchObject({
    run: { ready: { kind: 'lambda' } },
    invocation: { ...invocation, idleMs: null },
  })
  expect(targets.get('b')?.invocation).toEqual({ ...invocation, idleMs: 600_000 })
  expect(targets.get('c')?.invocation).toBe(null)
})

test('the pages that may call a function URL', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        a: {
          start: 'on-invoke',
          run: ['x'],
          invocation: { cors: { allowOrigins: ['https://example.com', '*'], maxAge: '10m' } },
        },
      },
    }),
  })
  expect(loaded(await workspace.load()).workspace.targets.get('a')?.invocation?.cors).toEqual({
    allowOrigins: ['https://example.com', '*'],
    allowMethods: [],
    allowHeaders: [],
    exposeHeaders: [],
    allowCredentials: false,
    maxAgeSeconds: 600,
  })
})

test('a dependency waits until it is built, or ready if it only runs', async () => {
  using workspace = temporaryWorkspace({
    'singletrack.jsonc': JSON.stringify({
      targets: {
        lib: { watch: ['lib/**'] },
        gen: { build: ['gen'] },
        db: { run: ['db'] },
        both: { build: ['b'], run: ['r'] },
        api: {
          run: ['api'],
          dependsOn: [
            'lib',
            'gen',
            'db',
            'both',
            { target: 'both', until: 'exited', restart: true },
          ],
        },
      },
    }),
  })
  expect(loaded(await workspace.load()).workspace.targets.get('api')?.dependsOn).toEqual([
    { target: 'lib', until: 'built', restart: false },
    { target: 'gen', until: 'built', restart: false },
    { target: 'db', until: 'ready', restart: false },
    { target: 'both', until: 'built', restart: false },
    { target: 'both', until: 'exited', restart: true },
  ])
})
