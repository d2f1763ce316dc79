import type {
  BuildReport,
  Diagnostic,
  End,
  Hold,
  Problem,
  StopReason,
} from '@singletrack/orchestrator'
import { z } from 'zod'

import { type Plain, exactly } from './exactly.ts'

/** Epoch milliseconds. */
export const moment: z.ZodNumber = z.number().describe('Milliseconds since the epoch')

export const durationMs: z.ZodNumber = z.number().min(0).describe('Milliseconds')

export const isoTime: z.ZodString = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .describe('ISO 8601, UTC')

export const pid: z.ZodNumber = z.int().min(1).describe('A process id')

export const names: z.ZodArray<z.ZodString> = z.array(z.string())

export const stream: z.ZodEnum<{ stdout: 'stdout'; stderr: 'stderr' }> = z.enum([
  'stdout',
  'stderr',
])

export const end: z.ZodType<Plain<End>> = exactly<End>()(
  z.union([
    z.object({ kind: z.literal('code'), code: z.int() }),
    z.object({ kind: z.literal('signal'), signal: z.string() }),
    z.object({
      kind: z.literal('spawn-failed'),
      message: z.string(),
      code: z.string().nullable(),
    }),
  ]),
)

export const hold: z.ZodType<Plain<Hold>> = exactly<Hold>()(
  z.object({
    kind: z.enum([
      'resource',
      'dependency',
      'dependent',
      'concurrency',
      'external',
      'paused',
      'port',
      'version-control',
      'loop',
    ]),
    on: names,
    text: z.string().describe('One line for people'),
    since: moment,
  }),
)

export const diagnostic: z.ZodType<Plain<Diagnostic>> = exactly<Diagnostic>()(
  z.object({
    severity: z.enum(['error', 'warning']),
    message: z.string().describe('One line'),
    file: z.string().nullable().describe('As the tool printed it'),
    line: z.int().nullable().describe('One-based'),
    column: z.int().nullable().describe('One-based'),
    code: z.string().nullable().describe("The tool's own name for it, such as E0425 or TS2322"),
    source: z.string().describe('Who says so, such as rustc or tsc'),
  }),
)

/** Something wrong with the configuration, with its place. */
export const problem: z.ZodType<Plain<Problem>> = exactly<Problem>()(
  z.object({
    file: z.string(),
    line: z.int().nullable().describe('One-based'),
    column: z.int().nullable().describe('One-based'),
    at: z.string().describe('The path of the key, such as targets.api.run'),
    message: z.string(),
    remedy: z.string().nullable(),
    excerpt: z.string().exactOptional(),
  }),
)

export const buildReport: z.ZodType<Plain<BuildReport>> = exactly<BuildReport>()(
  z.union([
    z.object({ target: z.string(), status: z.enum(['built', 'up-to-date']), durationMs }),
    z.object({
      target: z.string(),
      status: z.literal('failed'),
      durationMs,
      exitCode: z.int().nullable(),
      signal: z.string().nullable(),
      headline: z.string(),
    }),
    z.object({ target: z.string(), status: z.literal('skipped'), because: z.string() }),
    z.object({ target: z.string(), status: z.literal('canceled'), reason: z.string() }),
  ]),
)

export const stopReason: z.ZodType<Plain<StopReason>> = exactly<StopReason>()(
  z.enum([
    'not-started',
    'manual',
    'idle',
    'replaced',
    'removed',
    'session-end',
    'surplus',
    'timed-out',
    'init-failed',
    'unresponsive',
  ]),
)
