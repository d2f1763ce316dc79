import type { Competition } from './competition.ts'
import type { Contest } from './contest.ts'
import type { Account } from './ledger.ts'
import { ReadyGroup } from './ready-group.ts'
import type { Task } from './task.ts'

/** Finds the group that a ready task belongs to. Most groups need no key to be found by. */
export class ReadyGroups {
  readonly #competition: Competition
  readonly #order: (a: Task, b: Task) => number
  readonly #contestOf: (account: Account) => Contest
  /** Those that need nothing. */
  #free: ReadyGroup | undefined
  readonly #byKey = new Map<string, ReadyGroup>()

  constructor(
    competition: Competition,
    order: (a: Task, b: Task) => number,
    contestOf: (account: Account) => Contest,
  ) {
    this.#competition = competition
    this.#order = order
    this.#contestOf = contestOf
  }

  /** The group of this task, made if there is none. */
  of(task: Task): ReadyGroup {
    const { needs } = task
    const [need] = needs
    if (!isJoint(task)) {
      if (need === undefined) return (this.#free ??= this.#new('', task))
      if (task.definition === need.account.one) {
        const contest = this.#contestOf(need.account)
        return (contest.ownGroup ??= this.#new(groupKey(task), task))
      }
    }
    const key = groupKey(task)
    let group = this.#byKey.get(key)
    if (group === undefined) {
      group = this.#new(key, task)
      this.#byKey.set(key, group)
    }
    return group
  }

  /** Those that may share a run with this task. */
  companionsOf(task: Task): ReadyGroup | undefined {
    return isJoint(task) ? this.#byKey.get(groupKey(task)) : undefined
  }

  /** To be called when the last task has left. Groups that are found without a key stay. */
  emptied({ key }: ReadyGroup): void {
    this.#byKey.delete(key)
  }

  #new(key: string, { needs }: Task): ReadyGroup {
    return new ReadyGroup(key, needs, this.#competition, this.#order)
  }
}

function isJoint({ definition, single }: Task): boolean {
  return definition.joint !== undefined && !single
}

/** Resources by number, so that no name, whatever is in it, can be taken for another. */
function groupKey(task: Task): string {
  let key = ''
  for (const { account, amount } of task.needs) key += `${account.number}x${amount} `
  const { joint, acquires } = task.definition
  if (joint !== undefined && !task.single) key += `joint ${acquires ? 'a' : '-'} ${joint.key}`
  return key
}
