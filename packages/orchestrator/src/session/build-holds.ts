import type { QueuedTask } from '@singletrack/scheduler'

import type { Hold } from '../state/index.ts'

/**
 * Why a queued build waits, with words that stay the same while the reason does; readers put the
 * duration behind it from `since`. `null` when it is about to begin.
 *
 * @param age milliseconds to be added to the scheduler's time to get epoch milliseconds.
 */
export function holdOfTask({ hold }: Pick<QueuedTask, 'hold'>, age: number): Hold | null {
  const { on, holder } = hold
  const since = hold.since + age
  const names = on.join(', ')
  switch (hold.kind) {
    case 'none':
    case 'previous-run':
      return null
    case 'paused':
      return { kind: 'paused', on, text: 'waits because builds are paused', since }
    case 'dependency':
      return { kind: 'dependency', on, text: `waits for ${names} to be built`, since }
    case 'dependent':
      return {
        kind: 'dependent',
        on,
        text: `waits until ${names}, which depends on it, is built`,
        since,
      }
    case 'concurrency':
      return {
        kind: 'concurrency',
        on,
        text: 'waits: as many builds are running as may at once',
        since,
      }
    case 'resource':
      return {
        kind: 'resource',
        on,
        text: `waits for ${names}${holder === undefined ? '' : `, held by ${holder}`}`,
        since,
      }
    case 'external':
      return holder === undefined ? null : { kind: 'external', on, text: holder, since }
  }
}
