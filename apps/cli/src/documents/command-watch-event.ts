import type { CommandWatchEvent } from '@singletrack/orchestrator'
import { z } from 'zod'

import { durationMs, end, isoTime, names, pid, stream } from './building-blocks.ts'
import { type Plain, exactly } from './exactly.ts'

/** What every event of a watched command has. */
const common = {
  v: z.literal(1),
  id: z.int().min(0).describe('Grows by one with every event'),
  time: isoTime,
}

const changed = z.object({
  paths: names,
  complete: z.boolean().describe('Whether all that changed is listed'),
})
const spawnFailed = z.object({
  kind: z.literal('spawn-failed'),
  message: z.string(),
  code: z.string().nullable(),
})
const run = z.int().describe('Counts the runs from 1')

export const commandWatchEvent: z.ZodType<Plain<CommandWatchEvent>> = exactly<CommandWatchEvent>()(
  z.union([
    z.object({
      ...common,
      type: z.literal('watching'),
      paths: names,
      extensions: names,
      backend: z.string(),
      directories: z.int(),
      ms: durationMs,
    }),
    z.object({ ...common, type: z.literal('waiting'), message: z.string() }),
    z.object({
      ...common,
      type: z.literal('starting'),
      run,
      command: z.string(),
      changed: changed.nullable(),
      replaces: run.nullable(),
    }),
    z.object({ ...common, type: z.literal('started'), run, pid }),
    z.object({ ...common, type: z.literal('not-started'), run, end: spawnFailed }),
    z.object({ ...common, type: z.literal('output'), run, stream, line: z.string() }),
    z.object({
      ...common,
      type: z.literal('stopping'),
      run,
      changed: changed.nullable(),
      signal: z.string().nullable(),
      graceMs: durationMs,
    }),
    z.object({ ...common, type: z.literal('signaled'), run, signal: z.string(), changed }),
    z.object({ ...common, type: z.literal('queued'), run, changed }),
    z.object({ ...common, type: z.literal('ignored'), run, changed }),
    z.object({
      ...common,
      type: z.literal('exited'),
      run,
      end,
      ms: durationMs,
      stopped: z.boolean().describe('Whether we had asked it to'),
      forced: z.boolean(),
      left: z.array(pid),
      next: z.enum(['run', 'wait', 'end']),
    }),
    z.object({ ...common, type: z.literal('loop'), path: z.string(), ignore: z.string() }),
    z.object({ ...common, type: z.literal('warning'), code: z.string(), message: z.string() }),
    z.object({
      ...common,
      type: z.literal('ended'),
      reason: z.enum(['asked', 'failed', 'not-started']),
    }),
  ]),
)
