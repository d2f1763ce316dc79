import type { Invocation } from '../host/invocation.ts'

/** The value of `X-Amz-Log-Result`, once all that the function printed before it answered is here. */
export async function logResult(invocation: Invocation): Promise<string> {
  await invocation.log?.readOut()
  return invocation.executionLog().toString('base64')
}
