import type { Task } from './task.ts'

/**
 * A set of tasks that is filled and emptied with every event. The tasks know whether they are in it,
 * which costs less than a hash table; one that was deleted leaves a dead entry until it is drained.
 */
export class Unevaluated {
  #tasks: Task[] = []

  add(task: Task): void {
    if (task.isUnevaluated) return
    task.isUnevaluated = true
    this.#tasks.push(task)
  }

  delete(task: Task): void {
    task.isUnevaluated = false
  }

  has(task: Task): boolean {
    return task.isUnevaluated
  }

  /** Takes them out one by one; those that are added meanwhile come last. */
  drain(visit: (task: Task) => void): void {
    if (this.#tasks.length === 0) return
    // More may be appended while it goes on.
    for (const task of this.#tasks) {
      if (!task.isUnevaluated) continue
      task.isUnevaluated = false
      visit(task)
    }
    this.#tasks = []
  }
}
