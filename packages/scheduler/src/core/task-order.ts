import type { Policy } from '../policy.ts'
import type { Task } from './task.ts'

/** Aged tasks first, in the order of submission; then by policy; then by submission again. */
export function taskOrder(policy: Policy): (a: Task, b: Task) => number {
  return (a, b) => {
    if (a.promoted !== b.promoted) return a.promoted ? -1 : 1
    if (a.promoted) return a.sequence - b.sequence
    return policy(a, b) || a.sequence - b.sequence
  }
}
