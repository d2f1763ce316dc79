import { isDeepStrictEqual } from 'node:util'

import type { QueuedTask, Snapshot } from '../src/core/snapshot.ts'
import { type State, queuedTask } from '../src/core/state.ts'
import type { Hold } from '../src/hold.ts'
import type { Books } from './books.ts'
import { demand } from './broken-rule.ts'

/** The snapshot of this moment names all that is queued and running. */
export function judgeNames(books: Books, { queued, running }: Snapshot): void {
  const ids = queued.map(({ id }) => id)
  demand(isDeepStrictEqual(new Set(ids), new Set(books.queued.keys())), 'all are queued')
  const begun = [...books.runs.values()].filter(({ began }) => began)
  const runningIds = running.map(({ id }) => id).toSorted()
  const begunIds = begun.flatMap((run) => run.ids).toSorted()
  demand(isDeepStrictEqual(runningIds, begunIds), 'those run that began and did not end')
}

/** Every word on why a task waits is true, right after the admission that comes next. */
export function judgeHolds(books: Books, state: State, queued: readonly QueuedTask[]): void {
  const isPaused = state.pausedSince !== undefined
  for (const { id, hold, why } of queued) {
    demand((hold.kind === 'paused') === isPaused, `${id} ${why}`)
    if (isPaused) continue
    const isGone = !books.queued.has(id) || queuedTask(state, id)?.state === 'admitted'
    demand(hold.kind === 'none' ? isGone : isTrue(books, id, hold), `${id} ${why}`)
  }
}

function isTrue(books: Books, id: string, hold: Hold): boolean {
  const runs = [...books.runs.values()]
  switch (hold.kind) {
    case 'paused':
      return true
    case 'previous-run':
      return runs.some((run) => run.began && run.ids.includes(id))
    case 'dependency': {
      const below = books.below(id)
      return hold.on.every((on) => below.has(on) && (books.queued.has(on) || books.isRunning(on)))
    }
    case 'dependent':
      return hold.on.every((on) => books.below(on).has(id) && books.isRunning(on))
    case 'external':
      return runs.some((run) => !run.began && run.ids.includes(id))
    case 'concurrency':
      return runs.filter(({ began }) => began).length >= books.configuration.concurrency
    case 'resource':
      return isResourceHold(books, id, hold)
    case 'none':
      return false
  }
}

function isResourceHold(books: Books, id: string, hold: Hold): boolean {
  const [resource = ''] = hold.on
  const holders = hold.holder?.split(', ') ?? []
  const { demands } = books.queued.get(id)?.definition ?? { demands: [] }
  const needed = demands.find((each) => each.resource === resource)
  if (needed === undefined) return false
  const isFree = books.available(resource) >= books.effective(needed)
  if (hold.reserved === true) {
    return isFree && holders.every((holder) => isKeptFor(books, holder, resource, id))
  }
  return !isFree && holders.every((holder) => holds(books, holder, resource))
}

function holds({ runs }: Books, id: string, resource: string): boolean {
  return [...runs.values()].some(
    (run) => run.ids.includes(id) && run.demands.some((each) => each.resource === resource),
  )
}

function isKeptFor(books: Books, id: string, resource: string, from: string): boolean {
  const aged = books.queued.get(id)
  if (aged === undefined || id === from || !books.hasAged(aged)) return false
  return aged.definition.demands.some((each) => each.resource === resource)
}
