import type {
  BuildState,
  Hello,
  Phase,
  RunState,
  SessionState,
  TargetState,
} from '@singletrack/orchestrator'

import type { LockHolder } from '../../src/model/locks.ts'
import type { RootView } from '../../src/model/root-view.ts'

/** The moment at which the states below are looked at. */
export const NOW = 100_000

export const cli: LockHolder = {
  label: 'cli',
  pid: 41,
  nonce: '0123456789abcdef',
  since: NOW - 60_000,
  trouble: null,
}

export const hello: Hello = {
  protocol: 1,
  version: '1.0.0',
  pid: 41,
  root: '/w',
  nonce: cli.nonce,
  startedAt: 0,
}

export const built: BuildState = {
  kind: 'succeeded',
  generation: 1,
  at: 0,
  durationMs: 1_234,
  outputsChanged: true,
  warnings: [],
}

export const failed: BuildState = {
  kind: 'failed',
  generation: 2,
  at: 0,
  durationMs: 50,
  end: { kind: 'code', code: 1 },
  headline: 'src/a.ts:3:7 no such name\nmore',
  diagnostics: [
    {
      severity: 'error',
      message: 'no such name',
      file: 'src/a.ts',
      line: 3,
      column: 7,
      code: 'TS2304',
      source: 'tsc',
    },
  ],
}

export const ready: RunState = {
  kind: 'ready',
  run: 1,
  pid: 77,
  since: 0,
  afterMs: 9,
  link: 'http://localhost:3001',
}

/** A target that is built and ready, but for what is given. */
export function target(name: string, over: Partial<TargetState> = {}): TargetState {
  return {
    name,
    generation: 1,
    builtGeneration: 1,
    build: built,
    run: ready,
    phase: 'ready',
    link: 'http://localhost:3001',
    start: 'eager',
    wanted: true,
    suspended: [],
    cause: null,
    ...over,
  }
}

/** A target in one phase, with the state that goes with it. */
export function inPhase(phase: Phase, states: Partial<TargetState> = {}): TargetState {
  return target('api', { phase, ...states })
}

export function session(
  targets: readonly TargetState[],
  over: Partial<SessionState> = {},
): SessionState {
  return {
    root: '/w',
    pid: 41,
    version: '1.0.0',
    startedAt: 0,
    watching: true,
    paused: false,
    configuration: { kind: 'valid' },
    settlement: { kind: 'settled' },
    targets,
    ...over,
  }
}

/** A root whose session runs in a terminal, with these targets. */
export function attachedRoot(
  targets: readonly TargetState[],
  over: Partial<SessionState> = {},
): RootView {
  return {
    root: '/w',
    name: 'w',
    configured: true,
    link: { kind: 'attached', holder: cli, hello, state: session(targets, over) },
    locks: { session: cli, builds: [] },
    history: [],
  }
}

/** A root that nobody watches. */
export function idleRoot(over: Partial<RootView> = {}): RootView {
  return {
    root: '/w',
    name: 'w',
    configured: true,
    link: { kind: 'none' },
    locks: { session: null, builds: [] },
    history: [],
    ...over,
  }
}
