// The watchdog is a process for each session: of the whole library it would use one part in fifty.
import * as z from 'zod/mini'

import type { RecordedGroup } from '../processes/index.ts'

/** How the stop command of a target is run without its session. */
export interface RecordedStop {
  readonly argv: readonly [string, ...string[]]
  readonly cwd: string
  /** What it gets beside the environment of whoever runs it, with the mark of its run. */
  readonly env: Readonly<Record<string, string>>
}

/** A child that somebody has to end should the session die. */
export interface WatchdogEntry extends RecordedGroup {
  readonly target: string
  readonly stop: RecordedStop | null
}

/** A line to the watchdog, and a line of the journal. */
export type WatchdogLine =
  | {
      readonly op: 'began'
      readonly watchdog: { readonly pid: number; readonly startTime: string }
    }
  | { readonly op: 'add'; readonly id: number; readonly entry: WatchdogEntry }
  | { readonly op: 'remove'; readonly pid: number }
  | { readonly op: 'end' }

const identity = {
  pid: z.int().check(z.minimum(2), z.maximum(2 ** 31 - 1)),
  startTime: z.string().check(z.maxLength(100)),
}

const lineSchema: z.ZodMiniType<WatchdogLine> = z.discriminatedUnion('op', [
  z.object({ op: z.literal('began'), watchdog: z.object(identity) }),
  z.object({
    op: z.literal('add'),
    id: z.int(),
    entry: z.object({
      ...identity,
      nonce: z.string().check(z.regex(/^[0-9a-f]{16,64}$/)),
      role: z.enum(['run', 'build']),
      target: z.string().check(z.maxLength(1_000)),
      stop: z.nullable(
        z.object({
          argv: z.tuple([z.string()], z.string()),
          cwd: z.string(),
          env: z.record(z.string(), z.string()),
        }),
      ),
    }),
  }),
  z.object({ op: z.literal('remove'), pid: identity.pid }),
  z.object({ op: z.literal('end') }),
])

/** Reads one line; `null` for one that is torn or not ours, which is passed over. */
export function parseWatchdogLine(text: string): WatchdogLine | null {
  try {
    const result = lineSchema.safeParse(JSON.parse(text))
    return result.success ? result.data : null
  } catch {
    return null
  }
}

/** What lines amount to: who watches, and which children are still there. */
export interface WatchdogList {
  readonly watchdog: { readonly pid: number; readonly startTime: string } | null
  readonly entries: ReadonlyMap<number, WatchdogEntry>
}

/** Applies a line to a list, without changing the list. */
export function applyLine(list: WatchdogList, line: WatchdogLine): WatchdogList {
  switch (line.op) {
    case 'began':
      return { ...list, watchdog: line.watchdog }
    case 'add':
      return { ...list, entries: new Map(list.entries).set(line.entry.pid, line.entry) }
    case 'remove': {
      const entries = new Map(list.entries)
      entries.delete(line.pid)
      return { ...list, entries }
    }
    case 'end':
      return { ...list, entries: new Map() }
  }
}

export const emptyList: WatchdogList = { watchdog: null, entries: new Map() }
