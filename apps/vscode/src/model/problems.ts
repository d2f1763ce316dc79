import type { Diagnostic, TargetState } from '@singletrack/orchestrator'

/** A problem that a build reported, with all places where its file may be. */
export interface Problem {
  readonly target: string
  /** Absolute paths; the first that exists is meant. */
  readonly candidates: readonly string[]
  /** Zero-based. */
  readonly line: number
  /** Zero-based; `null` marks the whole line. */
  readonly column: number | null
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly source: string
  readonly code: string | null
}

/** How paths are put together on the machine of the session. */
export interface Paths {
  isAbsolute(path: string): boolean
  resolve(...parts: readonly string[]): string
}

export interface ProblemPlaces {
  readonly root: string
  /** The directory in which the target's commands run, if it is known. */
  readonly cwdOf: (target: string) => string | null
  readonly paths: Paths
}

/**
 * The problems of all targets that name a place, each once: two targets that build the same shared
 * file report the same error. What names no place stays in the tree and in the output.
 */
export function problemsOf(
  targets: readonly TargetState[],
  places: ProblemPlaces,
): readonly Problem[] {
  const found = new Map<string, Problem>()
  for (const target of targets) {
    for (const diagnostic of diagnosticsOf(target)) {
      const problem = problemFrom(target.name, diagnostic, places)
      if (problem === null) continue
      const { candidates, line, column, message } = problem
      const key = JSON.stringify([candidates[0], line, column, message])
      if (!found.has(key)) found.set(key, problem)
    }
  }
  return [...found.values()]
}

/** What the last build of a target said. */
export function diagnosticsOf({ build }: TargetState): readonly Diagnostic[] {
  switch (build.kind) {
    case 'failed':
      return build.diagnostics
    case 'succeeded':
      return build.warnings
    case 'none':
    case 'idle':
    case 'queued':
    case 'building':
    case 'skipped':
    case 'canceled':
      return []
  }
}

/** A diagnostic with its place; `null` when it names none. */
export function problemFrom(
  target: string,
  { file, line, column, severity, message, source, code }: Diagnostic,
  { root, cwdOf, paths }: ProblemPlaces,
): Problem | null {
  if (file === null) return null
  // Some tools print paths from where they run, others (cargo) from the root of their workspace.
  const bases = [...new Set([cwdOf(target) ?? root, root])]
  const candidates = paths.isAbsolute(file)
    ? [paths.resolve(file)]
    : bases.map((base) => paths.resolve(base, file))
  return {
    target,
    candidates,
    line: Math.max(0, (line ?? 1) - 1),
    column: column === null ? null : Math.max(0, column - 1),
    severity,
    message,
    source,
    code,
  }
}
