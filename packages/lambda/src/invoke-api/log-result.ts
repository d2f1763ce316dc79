import type { Invocation } from '../host/invocation.ts'

/**
 * What a function prints comes by a pipe of its own and may arrive after its answer. A caller who
 * asks for the log waits this much longer for the rest of it.
 */
const settleMs = 25

/** The value of `X-Amz-Log-Result`. */
export async function logResult(invocation: Invocation): Promise<string> {
  await new Promise((resolve) => {
    setTimeout(resolve, settleMs)
  })
  return invocation.executionLog().toString('base64')
}
