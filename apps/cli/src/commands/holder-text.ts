import { hostname } from 'node:os'

import { type Holder, describeHolder } from '@singletrack/lockfile'

/** `singletrack watch (building orders, pid 4211, 12 s)`; the machine is named only if it is not ours. */
export function holderText(holder: Holder): string {
  const host = holder.host === hostname() ? null : holder.host
  return describeHolder({ ...holder, host }, Date.now())
}
