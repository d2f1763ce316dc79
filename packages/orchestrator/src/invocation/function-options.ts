import type { FunctionOptions } from '@singletrack/lambda'

import type { Target } from '../configuration/index.ts'

/** Whoever debugs takes as long as it takes; a timer cannot wait longer than this. */
const NO_LIMIT_MS = 2 ** 31 - 1

/** What the configuration of a target means for its invocations. */
export function functionOptions({ invocation, run }: Target): FunctionOptions {
  const isDebugged = run?.debug === true
  const initTimeoutMs = run?.ready.kind === 'lambda' ? run.ready.timeoutMs : undefined
  return {
    ...(invocation === null
      ? {}
      : {
          timeoutMs: isDebugged ? NO_LIMIT_MS : invocation.timeoutMs,
          concurrency: invocation.concurrency,
          queueLimit: invocation.queueLimit,
          queueTimeoutMs: invocation.queueTimeoutMs,
          memoryMb: invocation.memoryMb,
          ...(invocation.cors === null ? {} : { cors: invocation.cors }),
          ...(invocation.idleMs === null ? {} : { idleMs: invocation.idleMs }),
        }),
    ...(isDebugged
      ? { initTimeoutMs: NO_LIMIT_MS }
      : initTimeoutMs === undefined
        ? {}
        : { initTimeoutMs }),
  }
}
