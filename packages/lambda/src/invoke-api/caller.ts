import type { ServerResponse } from 'node:http'

/** Calls back once if the client goes away before it has its answer, or is gone already. */
export function whenCallerLeaves(response: ServerResponse, callback: () => void): void {
  if (response.destroyed) {
    callback()
    return
  }
  response.once('close', () => {
    if (!response.writableFinished) callback()
  })
}
