import type { Effect } from '../src/core/effect.ts'
import type { Books } from './books.ts'
import { demand } from './broken-rule.ts'

/** Every handle settles once, by a run that began after its submit. */
export function judgeSettle(
  books: Books,
  { handles, outcome }: Extract<Effect, { kind: 'settle' }>,
): void {
  for (const handle of handles) {
    demand(!books.settled.has(handle), `handle ${handle} settles once`)
    const submitted = books.submitted.get(handle)
    demand(submitted?.id === outcome.id, 'it settles the submits of its id')
    books.settled.set(handle, outcome)
    const queued = books.queued.get(outcome.id)
    queued?.handles.delete(handle)
    if (queued?.handles.size === 0) books.queued.delete(outcome.id)
    if (outcome.status === 'skipped' && outcome.cause.kind === 'dependency') {
      books.skippedBy.set(outcome.id, outcome.cause.id)
    }
    if (outcome.status !== 'succeeded') continue
    const began = books.began.get(handle)
    demand(
      began !== undefined && began > (submitted?.at ?? Infinity),
      `the run that settles handle ${handle} began after its submit`,
    )
  }
}

/** Whoever was skipped is due as soon as the dependency succeeds, and not otherwise. */
export function judgeDue(books: Books, effects: readonly Effect[]): void {
  for (const effect of effects) {
    if (effect.kind !== 'due') continue
    const blamed = books.skippedBy.get(effect.id)
    demand(blamed === effect.because.id, `${effect.id} was skipped for ${blamed}`)
    books.skippedBy.delete(effect.id)
  }
  for (const effect of effects) {
    if (effect.kind !== 'settle' || effect.outcome.status !== 'succeeded') continue
    for (const [id, blamed] of books.skippedBy) {
      const isDue = blamed === effect.outcome.id && !books.queued.has(id)
      demand(!isDue, `${id} is due when ${blamed} succeeds`)
    }
  }
}
