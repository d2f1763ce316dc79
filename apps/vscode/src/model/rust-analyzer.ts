import type { SessionEvent, TargetState } from '@singletrack/orchestrator'

import { innerHold } from './inner-hold.ts'

/** The setting that gives rust-analyzer a target directory of its own. */
export const RUST_ANALYZER_SETTING = 'rust-analyzer.cargo.targetDir'

/** The target whose build waits for rust-analyzer's `cargo check`; `null` when none does. */
export function blockedByRustAnalyzer(
  targets: readonly TargetState[],
  history: readonly SessionEvent[],
): string | null {
  const blocked = targets.find((target) =>
    /\bheld by rust-analyzer\b/.test(innerHold(target, history)?.text ?? ''),
  )
  return blocked?.name ?? null
}
