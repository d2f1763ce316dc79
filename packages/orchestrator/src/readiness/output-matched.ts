import { GuardedPattern } from '../diagnostics/index.ts'
import { cleanLine, stripColors } from '../logs/index.ts'
import type { SubscribeToLines } from './readiness-check.ts'
import { unlessAborted } from './unless-aborted.ts'

interface OutputOptions {
  readonly signal: AbortSignal
  /** Called when matching a line was given up. */
  readonly onTooSlow: () => void
}

/**
 * Resolves when a line, without its colors, matches the pattern; rejects when the signal aborts.
 *
 * @throws SyntaxError when the pattern is no regular expression.
 */
export async function outputMatched(
  lines: SubscribeToLines,
  pattern: string,
  { signal, onTooSlow }: OutputOptions,
): Promise<void> {
  const guarded = new GuardedPattern(pattern)
  let waiting: string[] = []
  let turn: NodeJS.Immediate | undefined
  const ends: (() => void)[] = [() => clearImmediate(turn)]
  const matched = new Promise<void>((resolve) => {
    const match = (): void => {
      turn = undefined
      const batch = waiting
      waiting = []
      const kinds = guarded.match(batch).map(({ kind }) => kind)
      if (kinds.includes('match')) resolve()
      else if (kinds.includes('too-slow')) onTooSlow()
    }
    const unsubscribe = lines((line) => {
      waiting.push(stripColors(cleanLine(line)))
      // Matching has a cost for each call: what arrives together is matched together.
      turn ??= setImmediate(match)
    })
    ends.push(unsubscribe)
  })
  try {
    await unlessAborted(matched, signal)
  } finally {
    for (const end of ends) end()
  }
}
