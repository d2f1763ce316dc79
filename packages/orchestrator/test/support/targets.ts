import type { Build, Run, Target } from '../../src/configuration/index.ts'

type Overrides = Partial<Omit<Target, 'build' | 'run'>> & {
  readonly build?: Partial<Build>
  readonly run?: Partial<Run>
}

/** A target with the defaults of the configuration and what a test says otherwise. */
export function target(name: string, overrides: Overrides = {}): Target {
  const { build, run, ...rest } = overrides
  return {
    name,
    cwd: '/workspace',
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
    invocation: null,
    build: build === undefined ? null : { ...defaultBuild, ...build },
    run: run === undefined ? null : { ...defaultRun, ...run },
    ...rest,
  }
}

/** The targets by name, in this order. */
export const byName = (...targets: readonly Target[]): ReadonlyMap<string, Target> =>
  new Map(targets.map((one) => [one.name, one]))

const defaultBuild: Build = {
  command: { kind: 'exec', argv: ['true'] },
  joint: null,
  uses: { build: 1 },
  onBusy: 'queue',
  timeoutMs: null,
  diagnostics: { kind: 'named', name: 'auto' },
}

const defaultRun: Run = {
  command: { kind: 'exec', argv: ['true'] },
  port: null,
  ready: { kind: 'spawned' },
  stop: { signal: 'SIGTERM', graceMs: 5_000, command: null },
  restart: { on: 'crash', initialMs: 200, maxMs: 10_000, times: 5, withinMs: 60_000 },
  debug: false,
}
