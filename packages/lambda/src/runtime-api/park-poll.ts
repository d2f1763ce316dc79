import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'

import type { Poll } from '../host/hosted-instance.ts'
import type { Invocation } from '../host/invocation.ts'
import { limitStall } from '../http/reply.ts'
import type { RuntimeCaller } from './handle-runtime-request.ts'

/** Keeps a `GET /next` open, for as long as it takes, until there is an invocation for it. */
export function parkPoll({ host, instance }: RuntimeCaller, response: ServerResponse): void {
  let lost: (() => void) | undefined
  const poll: Poll = {
    deliver: (invocation, deadlineMs, onLost) => {
      lost = onLost
      limitStall(response)
      response.writeHead(200, nextHeaders(invocation, deadlineMs))
      response.end(invocation.request.payload)
    },
    supersede: () => {
      response.destroy()
    },
  }
  response.once('close', () => {
    if (lost === undefined) host.pollClosed(instance, poll)
    else if (!response.writableFinished) lost()
  })
  // It may have been closed while its request was being looked at.
  if (response.destroyed) return
  host.poll(instance, poll)
}

function nextHeaders({ id, request }: Invocation, deadlineMs: number): OutgoingHttpHeaders {
  return {
    'content-type': 'application/json',
    'content-length': request.payload.length,
    'lambda-runtime-aws-request-id': id,
    'lambda-runtime-deadline-ms': deadlineMs,
    'lambda-runtime-invoked-function-arn': request.arn,
    'lambda-runtime-trace-id': request.traceId,
    ...(request.clientContext === undefined
      ? {}
      : { 'lambda-runtime-client-context': request.clientContext }),
  }
}
