import type { BreakResult, LockView, OutcomeRecord } from '@singletrack/lockfile'
import { z } from 'zod'

import { moment, pid } from './building-blocks.ts'
import { type Plain, exactly } from './exactly.ts'

/** Too large for a JSON number. */
const gen = z.string().regex(/^\d+$/).describe('Which tenure of the lock, as a decimal number')

const lock = z.string().describe('The name of the lock')
const where = z.string().describe('Hash of machine, boot and pid namespace')

const outcome = {
  status: z.enum(['ok', 'failed', 'aborted', 'crashed']),
  exitCode: z.int().exactOptional(),
  signal: z.string().exactOptional(),
  summary: z.string().exactOptional(),
  log: z.string().exactOptional(),
}

const holder = z.object({
  pid,
  start: z.string().describe("Start time of the process, in its system's unit"),
  where,
  nonce: z.string(),
  label: z.string().nullable(),
  purpose: z.string().nullable(),
  host: z.string().nullable(),
  key: z.string().nullable(),
  phase: z.enum(['acquiring', 'held']).nullable(),
  startedAt: moment.nullable(),
  data: z.record(z.string(), z.unknown()).nullable(),
  group: z.int().nullable().describe('Process group of its build'),
})

const verdict = z.union([
  z.object({ kind: z.literal('alive') }),
  z.object({ kind: z.literal('dying') }),
  z.object({ kind: z.literal('suspended'), by: z.enum(['signal', 'debugger']) }),
  z.object({ kind: z.literal('suspect'), silentMs: z.number() }),
  z.object({ kind: z.literal('unknown'), expired: z.boolean(), silentMs: z.number() }),
  z.object({
    kind: z.literal('dead'),
    proof: z.enum(['gone', 'recycled', 'zombie', 'rebooted', 'copied']),
  }),
])

export const outcomeRecord: z.ZodType<Plain<OutcomeRecord>> = exactly<OutcomeRecord>()(
  z.object({
    ...outcome,
    gen,
    lock,
    startedAt: moment,
    finishedAt: moment,
    key: z.string().nullable(),
    holder: z.object({ label: z.string(), pid, where }),
  }),
)

/** Where the lock lives. */
const root = z.string().describe('The root under which the lock lives')

/** A lock as it is now, and where. */
export type PlacedLockView = LockView & { readonly root: string }

export const placedLockView: z.ZodType<Plain<PlacedLockView>> = exactly<PlacedLockView>()(
  z.union([
    z.object({ kind: z.literal('absent'), lock, root }),
    z.object({
      kind: z.literal('free'),
      lock,
      root,
      gen,
      lastOutcome: z.object(outcome).nullable(),
    }),
    z.object({
      kind: z.literal('held'),
      lock,
      root,
      gen,
      holder,
      verdict,
      waiters: z.array(z.object({ pid, where, label: z.string().nullable() })),
    }),
    z.object({ kind: z.literal('broken'), lock, root, message: z.string() }),
  ]),
)

/** What came of breaking one lock. */
export type BrokenLock = BreakResult & { readonly root: string; readonly lock: string }

export const brokenLock: z.ZodType<Plain<BrokenLock>> = exactly<BrokenLock>()(
  z.union([
    z.object({ kind: z.literal('free'), lock, root }),
    z.object({
      kind: z.literal('broken'),
      lock,
      root,
      holder,
      how: z.enum(['dead', 'killed', 'forced']),
    }),
    z.object({ kind: z.literal('refused'), lock, root, holder, verdict }),
  ]),
)
