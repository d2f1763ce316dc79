import type { BuildState, RunState, Settlement, TargetState } from '@singletrack/orchestrator'
import { z } from 'zod'

import {
  diagnostic,
  durationMs,
  end,
  hold,
  moment,
  names,
  pid,
  stopReason,
} from './building-blocks.ts'
import { type Plain, exactly } from './exactly.ts'

const generation = z.int().min(0).describe('The change counter of the target')

const buildState = exactly<BuildState>()(
  z.union([
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('idle') }),
    z.object({ kind: z.literal('queued'), since: moment, hold: hold.nullable() }),
    z.object({
      kind: z.literal('building'),
      since: moment,
      build: z.int(),
      generation,
      pid: pid.nullable(),
      expectedMs: durationMs.nullable(),
    }),
    z.object({
      kind: z.literal('succeeded'),
      generation,
      at: moment,
      durationMs,
      outputsChanged: z.boolean(),
      warnings: z.array(diagnostic),
    }),
    z.object({
      kind: z.literal('failed'),
      generation,
      at: moment,
      durationMs,
      end,
      headline: z.string(),
      diagnostics: z.array(diagnostic),
    }),
    z.object({ kind: z.literal('skipped'), because: z.string() }),
    z.object({ kind: z.literal('canceled'), reason: z.string() }),
  ]),
)

const run = z.int().describe('The number of the run')

const runState = exactly<RunState>()(
  z.union([
    z.object({ kind: z.literal('none') }),
    z.object({ kind: z.literal('external') }),
    z.object({
      kind: z.literal('stopped'),
      reason: stopReason,
    }),
    z.object({ kind: z.literal('waiting'), hold }),
    z.object({ kind: z.literal('port-in-use'), port: z.int(), holder: z.string() }),
    z.object({ kind: z.literal('starting'), run, pid: pid.nullable(), since: moment }),
    z.object({
      kind: z.literal('ready'),
      run,
      pid,
      since: moment,
      afterMs: durationMs,
      link: z.string().nullable(),
    }),
    z.object({ kind: z.literal('not-ready'), run, pid, detail: z.string() }),
    z.object({
      kind: z.literal('stopping'),
      run,
      pid,
      since: moment,
      signal: z.string(),
      deadline: moment,
    }),
    z.object({ kind: z.literal('completed'), run, at: moment }),
    z.object({
      kind: z.literal('crashed'),
      run,
      at: moment,
      end,
      restartAt: moment.nullable(),
      restarts: z.int(),
    }),
  ]),
)

export const targetState: z.ZodType<Plain<TargetState>> = exactly<TargetState>()(
  z.object({
    name: z.string(),
    generation,
    builtGeneration: generation,
    build: buildState,
    run: runState,
    phase: z
      .enum([
        'idle',
        'queued',
        'building',
        'build-failed',
        'built',
        'skipped',
        'waiting',
        'starting',
        'ready',
        'not-ready',
        'stopping',
        'stopped',
        'completed',
        'crashed',
        'port-in-use',
        'external',
      ])
      .describe('One word for what the target is doing now'),
    link: z.string().nullable(),
    start: z.enum(['eager', 'on-invoke', 'manual', 'external']),
    wanted: z.boolean().describe('Whether somebody or the configuration wants it running'),
    suspended: z
      .array(z.object({ path: z.string(), ignore: z.string() }))
      .describe('Paths that its own builds keep changing, each with the proposed ignore line'),
    cause: z.int().nullable().describe('The id of the event that last made something happen here'),
    function: z
      .object({
        url: z.string().nullable(),
        queued: z.int(),
        inFlight: z.int(),
        instances: z.int(),
        initMs: durationMs.nullable(),
      })
      .exactOptional(),
    inspector: z.string().exactOptional().describe('Where a debugger attaches'),
  }),
)

export const settlement: z.ZodType<Plain<Settlement>> = exactly<Settlement>()(
  z.union([
    z.object({ kind: z.literal('busy'), targets: names }),
    z.object({ kind: z.literal('settled') }),
    z.object({
      kind: z.literal('broken'),
      targets: z.array(z.object({ name: z.string(), why: z.string() })),
    }),
  ]),
)
