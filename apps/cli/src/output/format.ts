/** `850 ms`, `1.2 s`, `2 min 5 s`: as precise as people need it. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** The first paths by name and the rest as a number: `a.ts, b.ts and 3 more`. */
export function formatPaths(paths: readonly string[], shown = 2): string {
  const named = paths.slice(0, shown).join(', ')
  return paths.length > shown ? `${named} and ${paths.length - shown} more` : named
}

/** `1 target`, `3 targets`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
