import type { Competition } from './competition.ts'
import type { Contest } from './contest.ts'
import type { Account } from './ledger.ts'
import { ReadyGroup } from './ready-group.ts'
import type { Task } from './task.ts'

/** Finds the group that a ready task belongs to. Only those of unusual needs have to be looked for by a key. */
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
    if (isJoint(task)) return this.#named(task, this.#byKey, groupKey(task))
    const { needs } = task
    const first = needs[0]
    const second = needs[1]
    if (first === undefined) return (this.#free ??= this.#new(task))
    const contest = this.#contestOf(first.account)
    if (task.definition === first.account.one) {
      return (contest.ownGroup ??= this.#new(task))
    }
    const isPair = first.amount === 1 && second?.amount === 1 && needs.length === 2
    if (isPair) return this.#named(task, contest.pairs, second.account.number)
    return this.#named(task, this.#byKey, groupKey(task))
  }

  /** Those that may share a run with this task. */
  companionsOf(task: Task): ReadyGroup | undefined {
    return isJoint(task) ? this.#byKey.get(groupKey(task)) : undefined
  }

  /** To be called when the last task has left. */
  emptied({ home, name }: ReadyGroup): void {
    home?.delete(name)
  }

  #named<Name>(task: Task, groups: Map<Name, ReadyGroup>, name: Name): ReadyGroup {
    let group = groups.get(name)
    if (group === undefined) {
      group = this.#new(task, groups, name)
      groups.set(name, group)
    }
    return group
  }

  #new({ needs }: Task, home?: Map<unknown, ReadyGroup>, name?: unknown): ReadyGroup {
    return new ReadyGroup(home, name, needs, this.#competition, this.#order)
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
