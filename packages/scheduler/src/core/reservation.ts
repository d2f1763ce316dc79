import type { Contest } from './contest.ts'
import { effectiveAmount } from './demand.ts'
import type { Account } from './ledger.ts'
import type { ReadyGroup } from './ready-group.ts'

/** Keeps what the aged head of the group needs from all that have not aged, or are younger. */
export function reserve(group: ReadyGroup, contestOf: (account: Account) => Contest): void {
  group.reservedFor = group.head
  for (const need of group.needs) {
    need.account.reserved += effectiveAmount(need)
    contestOf(need.account).reserve(group)
  }
}

/** Gives back what was kept. */
export function unreserve(group: ReadyGroup, contestOf: (account: Account) => Contest): void {
  group.reservedFor = undefined
  for (const need of group.needs) {
    need.account.reserved -= effectiveAmount(need)
    contestOf(need.account).unreserve(group)
  }
}
