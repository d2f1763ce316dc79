import type { TargetState } from '@singletrack/orchestrator'

/** The setting that gives rust-analyzer a target directory of its own. */
export const RUST_ANALYZER_SETTING = 'rust-analyzer.cargo.targetDir'

/** The target whose build waits for rust-analyzer's `cargo check`; `null` when none does. */
export function blockedByRustAnalyzer(targets: readonly TargetState[]): string | null {
  const blocked = targets.find(
    ({ build }) =>
      build.kind === 'queued' &&
      build.hold?.kind === 'external' &&
      /\brust-analyzer\b/.test(build.hold.text),
  )
  return blocked?.name ?? null
}
