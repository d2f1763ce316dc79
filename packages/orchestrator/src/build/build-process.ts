import type { CommandLine } from '../configuration/index.ts'
import type { ChildEnd, ChildLine, Spawn } from '../run/index.ts'
import type { End } from '../state/index.ts'

/** A build that ignores SIGTERM is killed after this. */
export const BUILD_GRACE_MS = 5_000

/** A compiler message with its expanded macros may be long; a piece of one could not be read. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024

/** How a build command ended. */
export type BuildEnd =
  | { readonly kind: 'ended'; readonly end: End; readonly leftovers: readonly number[] }
  | { readonly kind: 'timed-out'; readonly afterMs: number; readonly end: End }
  | { readonly kind: 'aborted'; readonly end: End }
  | { readonly kind: 'spawn-failed'; readonly end: End & { readonly kind: 'spawn-failed' } }

export interface BuildProcessOptions {
  readonly spawn: Spawn
  readonly command: CommandLine
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number | null
  readonly signal: AbortSignal
  readonly onLine: (line: ChildLine) => void
  /** Called before the program runs its first line. */
  readonly onSpawned: (pid: number) => Promise<void>
  readonly group: boolean
  /** Whether it prints messages for programs, one a line however long. */
  readonly messages: boolean
}

/** Runs one build command to its very end: the group is empty when this resolves. Never rejects. */
export async function runBuildProcess(options: BuildProcessOptions): Promise<BuildEnd> {
  if (options.signal.aborted) return { kind: 'aborted', end: { kind: 'signal', signal: 'SIGTERM' } }
  const result = await options.spawn({
    command: options.command,
    cwd: options.cwd,
    env: options.env,
    onLine: options.onLine,
    gate: options.onSpawned,
    group: options.group,
    ...(options.messages ? { maxLineBytes: MAX_MESSAGE_BYTES } : {}),
  })
  if (result.kind === 'failed') return { kind: 'spawn-failed', end: result.end }
  const { child } = result
  let cut: 'aborted' | 'timed-out' | null = null
  const cutShort = (why: 'aborted' | 'timed-out') => (): void => {
    cut ??= why
    child.stop('SIGTERM', BUILD_GRACE_MS)
  }
  const abort = cutShort('aborted')
  options.signal.addEventListener('abort', abort, { once: true })
  if (options.signal.aborted) abort()
  const timer =
    options.timeoutMs === null ? null : setTimeout(cutShort('timed-out'), options.timeoutMs)
  const ended = await child.ended
  options.signal.removeEventListener('abort', abort)
  if (timer !== null) clearTimeout(timer)
  return outcome(cut, ended, options.timeoutMs ?? 0)
}

function outcome(
  cut: 'aborted' | 'timed-out' | null,
  { end, leftovers }: ChildEnd,
  timeoutMs: number,
): BuildEnd {
  switch (cut) {
    case 'aborted':
      return { kind: 'aborted', end }
    case 'timed-out':
      return { kind: 'timed-out', afterMs: timeoutMs, end }
    case null:
      return { kind: 'ended', end, leftovers }
  }
}
