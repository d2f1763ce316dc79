/** As much of an event of `singletrack watch --json` as is needed to see where time goes. */
export interface PrintedEvent {
  readonly type: string
  /** In ms since the epoch. */
  readonly at: number
  readonly target: string | undefined
  /** The number of a build; the members of a joint one have the same. */
  readonly build: number | undefined
  readonly collectedMs: number | undefined
}

/** The events among the lines of some output: other tools print what they like. */
export function eventsIn(output: string): readonly PrintedEvent[] {
  return output.split('\n').flatMap((line) => parse(line) ?? [])
}

/** When each kind of event came first, of one target where several are told of. */
export function momentsOf(
  events: readonly PrintedEvent[],
  target: string | undefined,
): Map<string, number> {
  const moments = new Map<string, number>()
  for (const event of events) {
    const isAnother = target !== undefined && event.target !== undefined && event.target !== target
    if (isAnother || moments.has(event.type)) continue
    moments.set(event.type, event.at)
    if (event.collectedMs !== undefined) moments.set('noticed', event.at - event.collectedMs)
  }
  return moments
}

/**
 * For how long within a time builds of other targets ran, whether one or several at once. Those that
 * are built by the same command as the target itself don't go before it.
 */
export function othersBuiltFor(
  events: readonly PrintedEvent[],
  target: string,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const own = events.find((event) => event.type === 'build-started' && event.target === target)
  const running = new Set<string>()
  let [total, since] = [0, from]
  for (const { type, at, target: other, build } of events) {
    if (other === undefined || other === target || at > to) continue
    if (build !== undefined && build === own?.build) continue
    const now = Math.max(from, at)
    if (running.size > 0) total += now - since
    since = now
    if (type === 'build-started') running.add(other)
    if (ENDS.has(type)) running.delete(other)
  }
  return running.size > 0 ? total + to - since : total
}

const ENDS: ReadonlySet<string> = new Set(['build-succeeded', 'build-failed', 'build-canceled'])

/** `null` for whatever is no event; a line may be torn. */
function parse(line: string): PrintedEvent | null {
  if (!line.startsWith('{')) return null
  try {
    const event: unknown = JSON.parse(line)
    if (typeof event !== 'object' || event === null) return null
    if (!('type' in event) || !('time' in event)) return null
    return {
      type: String(event.type),
      at: Date.parse(String(event.time)),
      target: 'target' in event ? String(event.target) : undefined,
      build: 'build' in event && typeof event.build === 'number' ? event.build : undefined,
      collectedMs:
        'collectedMs' in event && typeof event.collectedMs === 'number'
          ? event.collectedMs
          : undefined,
    }
  } catch {
    return null
  }
}
