import type { SchedulerOptions } from '@singletrack/scheduler'

import type { Workspace } from '../configuration/index.ts'
import { schedulingPolicy } from './scheduling-policy.ts'

/** So many targets at most become one command. */
export const MAX_JOINT = 16

/** What the scheduler of a session is told of its workspace. */
export function schedulerOptions({
  concurrency,
  resources,
  policy,
}: Workspace): Required<Pick<SchedulerOptions, 'concurrency' | 'resources' | 'policy'>> {
  return {
    concurrency,
    resources: Object.fromEntries(
      [...resources.values()].map(({ name, capacity }) => [name, capacity]),
    ),
    policy: schedulingPolicy(policy),
  }
}
