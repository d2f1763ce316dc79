import type { Change } from '../options.ts'
import type { HandlerFailedWarning, LoopWarning } from '../warnings.ts'

/** How many paths the text of a warning names; all are in its `paths`. */
const PATHS_NAMED = 3

/** A target's handler writes what triggers it. */
export function loopWarning(
  target: string,
  changes: readonly Change[],
  repeats: number,
): LoopWarning {
  const paths = changes.map(({ path }) => path)
  const named = paths.slice(0, PATHS_NAMED).join(', ') + (paths.length > PATHS_NAMED ? ', …' : '')
  return {
    code: 'TARGET_LOOP',
    message: `target "${target}" changes the files that trigger it (${named}), ${repeats} times in a row; list what it produces under outputs or exclude`,
    target,
    paths,
    repeats,
  }
}

/** A target's handler threw or rejected. */
export function handlerWarning(target: string, cause: unknown): HandlerFailedWarning {
  const said = cause instanceof Error ? cause.message : String(cause)
  return {
    code: 'HANDLER_FAILED',
    message: `onBatch of target "${target}" failed: ${said}`,
    target,
    cause,
  }
}
