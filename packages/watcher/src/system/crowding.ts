import { readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'

/**
 * How many threads want each processor of this machine at this moment; 1 when there is room for
 * all. Linux tells exactly that; elsewhere the mean of the last minute stands in.
 */
export function systemCrowding(): number {
  return crowdingOf(readLoad(), loadavg()[0] ?? 0, availableParallelism())
}

/** @param load the text of `/proc/loadavg`: `0.20 0.18 0.12 2/80 11206`, where 2 are runnable */
export function crowdingOf(
  load: string | undefined,
  meanOfMinute: number,
  processors: number,
): number {
  const runnable = load === undefined ? undefined : /(\d+)\/\d+/.exec(load)?.[1]
  const wanting = runnable === undefined ? meanOfMinute : Number(runnable)
  return Math.max(1, wanting / processors)
}

function readLoad(): string | undefined {
  try {
    return readFileSync('/proc/loadavg', 'utf8')
  } catch {
    return undefined
  }
}
