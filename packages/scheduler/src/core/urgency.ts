import type { Attention } from '../policy.ts'

/** How urgent a task is, by itself and with what it inherits from those that wait for it. */
export interface Urgency {
  readonly priority: number
  readonly attention: Attention
  readonly ownPriority: number
  readonly ownAttention: Attention
}

/** Of all tasks for which nobody said anything: most, and they share it. */
const ordinary: Urgency = { priority: 0, attention: 0, ownPriority: 0, ownAttention: 0 }

/** The urgency of a task that inherits nothing. */
export function urgencyOf(priority: number, attention: Attention): Urgency {
  if (priority === 0 && attention === 0) return ordinary
  return { priority, attention, ownPriority: priority, ownAttention: attention }
}
