import { isDeepStrictEqual } from 'node:util'

import type { Effect } from '../src/core/effect.ts'
import type { Submission } from '../src/core/event.ts'
import type { Books, Queued } from './books.ts'
import { demand } from './broken-rule.ts'

/** Capacities are kept, and nobody is overtaken too often. */
export function judgeAdmission(books: Books, run: number, ids: readonly string[]): void {
  const [leader = ''] = ids
  const demands = books.queued.get(leader)?.definition.demands ?? []
  for (const needed of demands) {
    const { resource, amount } = needed
    const inUse = books.inUse(resource)
    const isKept = inUse + books.effective(needed) <= books.capacity(resource)
    demand(isKept, `capacity of ${resource} is kept: ${inUse}+${amount}`)
  }
  for (const [id, older] of books.queued) {
    if (!ids.includes(id)) judgeOvertaking(books, id, older, leader)
  }
  const unreported = new Set(ids)
  books.runs.set(run, { ids, demands, began: false, aborted: false, unreported })
}

/** What begins is queued, begins for all who wait for it, and nothing is in its way. */
export function judgeBegin(
  books: Books,
  { run, members }: Extract<Effect, { kind: 'begin' }>,
  eventNumber: number,
): void {
  const ids = members.map(({ id }) => id)
  if (!books.runs.has(run)) judgeAdmission(books, run, ids)
  const demands = books.runs.get(run)?.demands ?? []
  books.runs.delete(run)
  const max = books.queued.get(ids[0] ?? '')?.definition.joint?.max ?? 1
  demand(ids.length <= max, `${ids.join()} are no more than ${max}`)
  for (const { id, handles } of members) {
    const queued = books.queued.get(id)
    demand(queued !== undefined, `${id} is queued when it begins`)
    demand(isDeepStrictEqual(queued?.definition.demands, demands), 'demands are equal')
    demand(
      isDeepStrictEqual(new Set(handles), queued?.handles),
      `${id} begins for all who wait: ${handles.join()} is ${[...(queued?.handles ?? [])].join()}`,
    )
    for (const other of books.runs.values()) {
      demand(!other.began || !other.ids.includes(id), `${id} does not run twice at once`)
    }
    for (const handle of handles) books.began.set(handle, eventNumber)
    if (queued !== undefined) books.begunAs.set(id, queued)
    books.skippedBy.delete(id)
    books.queued.delete(id)
  }
  for (const id of ids) judgeDependencies(books, id, ids)
  const unreported = new Set(ids)
  books.runs.set(run, { ids, demands, began: true, aborted: false, unreported })
  const running = countBegun(books)
  demand(running <= books.configuration.concurrency, `${running} runs are not too many`)
}

/** Whatever could run does, after an admission. */
export function judgeIdleness(books: Books): void {
  if (countBegun(books) >= books.configuration.concurrency) return
  for (const [id, queued] of books.queued) {
    if (!books.isReady(id)) continue
    demand(books.lacks(queued) !== undefined, `${id} is not left waiting for nothing`)
  }
}

function judgeOvertaking(books: Books, id: string, older: Queued, leader: string): void {
  const younger = books.queued.get(leader)
  if (younger === undefined || younger.arrived < older.arrived || !books.isReady(id)) return
  const isScarce = books.configuration.concurrency !== Infinity
  const takesSlot = isScarce && !younger.definition.acquires && books.lacks(older) === undefined
  if (!isDelayed(books, older.definition, younger.definition) && !takesSlot) return
  older.overtaken += 1
  const { maxSkips } = books.configuration
  demand(older.overtaken <= maxSkips, `${id} is overtaken no more than ${maxSkips} times`)
}

/** Whether what the one takes leaves too little for the other. */
function isDelayed(books: Books, other: Submission, by: Submission): boolean {
  return other.demands.some((needed) => {
    const { resource } = needed
    const taken = by.demands.find((each) => each.resource === resource)?.amount ?? 0
    return taken > 0 && books.available(resource) - taken < books.effective(needed)
  })
}

function judgeDependencies(books: Books, id: string, together: readonly string[]): void {
  for (const below of books.below(id)) {
    demand(!books.queued.has(below), `${id} waits for ${below}, which is queued`)
    demand(!books.isRunning(below), `${id} waits for ${below}, which runs`)
    demand(!together.includes(below), `${id} runs after ${below}, not with it`)
  }
  for (const run of books.runs.values()) {
    if (!run.began) continue
    for (const above of run.unreported) {
      demand(!books.below(above).has(id), `${id} waits until ${above} has ended`)
    }
  }
}

function countBegun({ runs }: Books): number {
  return [...runs.values()].filter(({ began }) => began).length
}
