/** A configuration that says something at every key, for tests that change it. */
export const fullConfiguration: object = {
  $schema: './node_modules/singletrack/schema.json',
  resources: { 'cargo-target': 1, dist: { capacity: 1, at: 'dist' }, cpu: 2 },
  ignore: ['docs/', '*.md'],
  gitignore: true,
  debounce: '50ms',
  maxWait: '400ms',
  policy: 'attention',
  concurrency: 4,
  watcher: { backend: 'auto', poll: false, followSymlinks: false },
  presets: {
    service: { extends: 'base', run: { stop: { grace: '2s' } } },
    base: { debounce: '10ms', maxWait: '1s', priority: 1 },
  },
  targets: {
    db: {
      watch: [],
      run: {
        command: ['docker', 'compose', 'up', 'db'],
        ready: { port: 5432 },
        stop: { command: ['docker', 'compose', 'stop', 'db'], grace: '10s' },
      },
    },
    schema: {
      watch: ['prisma/schema.prisma'],
      build: { command: ['node', 'codegen.mjs'], outputs: ['src/generated/**'] },
    },
    orders: {
      extends: 'service',
      env: { REGION: 'eu', COUNT: 1, ON: true },
      envFile: ['.env'],
      watch: ['src/**', '!src/**/*.test.ts'],
      dependsOn: ['schema', { target: 'db', until: 'ready', restart: true }],
      start: 'eager',
      build: {
        command: ['node', 'build.mjs', '${name}'],
        joint: ['node', 'build.mjs', { each: ['${name}'] }],
        uses: { dist: 1, cpu: 2 },
        outputs: ['dist/${name}.mjs'],
        onBusy: 'queue',
        timeout: '10m',
        diagnostics: { pattern: '(?<file>.+)' },
      },
      run: {
        command: { shell: 'node dist/${name}.mjs' },
        port: 3001,
        ready: { http: '/health', timeout: '30s' },
        stop: { signal: 'SIGTERM', grace: '5s' },
        restart: { on: 'crash', initial: '200ms', max: '10s', times: 5, within: '1m' },
        debug: false,
      },
      invocation: { timeout: '3s', concurrency: 2, idle: '10m', memory: 256 },
    },
    probe: { run: { shell: 'sleep 9', ready: { exec: ['true'] } }, start: 'manual' },
    logger: { run: { command: ['x'], ready: { output: 'up' } }, start: 'external' },
  },
}
