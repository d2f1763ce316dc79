import { inspect } from '@singletrack/lockfile'

import { ControlClient, ControlClientError } from './client.ts'
import { controlSocketPath } from './socket-path.ts'

/** What was found of a session of a workspace. */
export type FoundSession =
  | { readonly kind: 'connected'; readonly client: ControlClient }
  | { readonly kind: 'none' }
  /** Somebody holds the watch lock and does not answer. */
  | {
      readonly kind: 'silent'
      readonly pid: number
      readonly label: string
      readonly reason: string
    }

/** Connects to the session that holds the watch lock of a workspace. */
export async function findSession(root: string): Promise<FoundSession> {
  const { watch } = await inspect({ root })
  if (watch.kind !== 'held' || watch.verdict.kind === 'dead') return { kind: 'none' }
  const { nonce, pid, label } = watch.holder
  try {
    return {
      kind: 'connected',
      client: await ControlClient.connect(controlSocketPath(nonce), nonce),
    }
  } catch (error) {
    if (!(error instanceof ControlClientError)) throw error
    return { kind: 'silent', pid, label: label ?? 'another program', reason: error.message }
  }
}
