import {
  type Policy,
  attention,
  compose,
  fifo,
  lifo,
  priority,
  shortestFirst,
  topological,
} from '@singletrack/scheduler'

import type { PolicyName } from '../configuration/index.ts'

/** The scheduler's policy for a name in the configuration; submission order settles what is equal. */
export function schedulingPolicy(name: PolicyName): Policy {
  switch (name) {
    case 'fifo':
      return fifo()
    case 'lifo':
      return lifo()
    case 'priority':
      return compose(priority(), fifo())
    case 'shortestFirst':
      return compose(shortestFirst(), fifo())
    case 'topological':
      return compose(topological(), fifo())
    case 'attention':
      return compose(attention(), fifo())
  }
}
