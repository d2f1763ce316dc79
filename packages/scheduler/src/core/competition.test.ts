import fc from 'fast-check'
import { expect, test } from 'vitest'

import { Competition } from './competition.ts'
import { Contest } from './contest.ts'
import { plainDefinition } from './definition.ts'
import type { Need } from './demand.ts'
import { Identity } from './identity.ts'
import { type Account, Ledger } from './ledger.ts'
import { ReadyGroup } from './ready-group.ts'
import { Task } from './task.ts'
import { urgencyOf } from './urgency.ts'

const maxSkips = 3

/** A task, and how often it was overtaken according to a count that touches it every time. */
interface Counted {
  readonly task: Task
  isReady: boolean
  overtaken: number
}

const stepArbitrary = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('submit'), uses: fc.nat({ max: 7 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('run'), task: fc.nat({ max: 30 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('toggle'), task: fc.nat({ max: 30 }) }) },
)

function contestOf(account: Account): Contest {
  account.contest ??= new Contest(account, () => 0)
  return account.contest
}

/** The needs of each set of resources, by number. */
function newAccounts(): (uses: number) => readonly Need[] {
  const ledger = new Ledger({ x: 1, y: 1, z: 1 })
  return (uses) =>
    ledger.needsOf(
      ['x', 'y', 'z']
        .filter((_, bit) => (uses >> bit) % 2 === 1)
        .map((resource) => ({ resource, amount: 1 })),
    )
}

function newTask(sequence: number, needs: readonly Need[]): Task {
  const identity = new Identity(`${sequence}`)
  const definition = plainDefinition(needs)
  return new Task(identity, sequence, { at: 0 }, urgencyOf(0, 0), definition, sequence, undefined)
}

function setReady(competition: Competition, counted: Counted, isReady: boolean): void {
  const { task } = counted
  counted.isReady = isReady
  task.group = isReady
    ? new ReadyGroup(undefined, undefined, task.needs, competition, () => 0)
    : undefined
  if (isReady) competition.add(task)
  else competition.remove(task)
}

function isOvertaken(other: Counted, by: Task, slotsAreScarce: boolean): boolean {
  if (!other.isReady || other.task.sequence >= by.sequence || other.overtaken >= maxSkips) {
    return false
  }
  const taken = new Set(by.needs.map(({ resource }) => resource))
  return slotsAreScarce || other.task.needs.some(({ resource }) => taken.has(resource))
}

test('counts like one that touches every task whenever it is overtaken', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.array(stepArbitrary, { maxLength: 120, size: 'max' }),
      (slotsAreScarce, steps) => {
        const competition = new Competition({ maxSkips, slotsAreScarce, contestOf })
        const needsOf = newAccounts()
        const all: Counted[] = []
        for (const [number, step] of steps.entries()) {
          if ('uses' in step) {
            const counted = {
              task: newTask(number + 1, needsOf(step.uses)),
              isReady: false,
              overtaken: 0,
            }
            all.push(counted)
            setReady(competition, counted, true)
            continue
          }
          const chosen = all[step.task % Math.max(1, all.length)]
          if (chosen === undefined) continue
          if (step.do === 'toggle') {
            setReady(competition, chosen, !chosen.isReady)
            continue
          }
          if (!chosen.isReady) continue
          setReady(competition, chosen, false)
          const { sequence, needs } = chosen.task
          competition.overtake(number + 1, sequence, needs, () => {})
          for (const other of all) {
            if (isOvertaken(other, chosen.task, slotsAreScarce)) other.overtaken += 1
          }
          for (const { task, isReady, overtaken } of all) {
            if (!isReady) continue
            expect(task.overtaken).toBe(overtaken)
            expect(task.aged).toBe(overtaken >= maxSkips)
          }
        }
      },
    ),
  )
})
