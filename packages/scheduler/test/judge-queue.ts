import { countHandles, handlesOf } from '../src/core/handle-list.ts'
import { type State, queuedTask } from '../src/core/state.ts'
import type { Books } from './books.ts'
import { demand } from './broken-rule.ts'

/**
 * What is queued in the books is queued. A member without a verdict goes back into the queue, which
 * no effect tells: the books learn that here.
 */
export function compareQueue({ queued, begunAs }: Books, state: State): void {
  for (const { id, handles } of state.identities.tasks()) {
    demand(countHandles(handles) > 0, `somebody waits for ${id}`)
    const before = begunAs.get(id)
    if (queued.has(id) || before === undefined) continue
    queued.set(id, { ...before, handles: new Set(handlesOf(handles)) })
  }
  for (const [id, known] of queued) {
    const task = queuedTask(state, id)
    demand(task !== undefined, `${id} is still queued`)
    for (const handle of handlesOf(task?.handles ?? [])) {
      if (known.handles.has(handle)) continue
      // A member without a verdict met a later submit: they are one, at the older place.
      known.handles.add(handle)
      const before = begunAs.get(id)
      known.arrived = Math.min(known.arrived, before?.arrived ?? handle)
      known.overtaken = Math.max(known.overtaken, before?.overtaken ?? 0)
    }
  }
}

/** A dependency is as urgent as the most urgent that waits for it, and no more. */
export function judgeUrgency(books: Books, state: State): void {
  const tasks = [...state.identities.tasks()]
  for (const { id, priority, attention, ownPriority, ownAttention } of tasks) {
    const above = tasks.filter((task) => books.below(task.id).has(id))
    const expectedPriority = Math.max(ownPriority, ...above.map((task) => task.ownPriority))
    const expectedAttention = Math.max(ownAttention, ...above.map((task) => task.ownAttention))
    demand(priority === expectedPriority, `${id} has priority ${expectedPriority}`)
    demand(attention === expectedAttention, `${id} has attention ${expectedAttention}`)
  }
}
