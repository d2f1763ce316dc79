import {
  type ControlClient,
  ControlClientError,
  type Requests,
  findSession,
} from '@singletrack/orchestrator/client'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { workspaceRoot } from './workspace-root.ts'

/**
 * Connects to the session of the workspace that the arguments name.
 *
 * @throws {Failure} `NO_SESSION` when there is none, `SESSION_SILENT` when it does not answer.
 */
export async function connectToSession(args: GlobalArguments): Promise<ControlClient> {
  const client = await connectIfThere(args)
  if (client !== null) return client
  throw new Failure(
    'NO_SESSION',
    `no session runs in ${workspaceRoot(args)}; start one with "singletrack watch"`,
    { exitCode: exitCodes.noSession },
  )
}

/** The session of the workspace, or `null` when there is none; a silent one is a failure too. */
export async function connectIfThere(args: GlobalArguments): Promise<ControlClient | null> {
  const root = workspaceRoot(args)
  const found = await findSession(root)
  switch (found.kind) {
    case 'connected':
      return found.client
    case 'none':
      return null
    case 'silent':
      throw new Failure(
        'SESSION_SILENT',
        `${found.label} (pid ${found.pid}) holds the session of ${root} and does not answer: ${found.reason}`,
        { exitCode: exitCodes.noSession, details: { pid: found.pid, label: found.label } },
      )
  }
}

/**
 * Asks the session one thing.
 *
 * @throws {Failure} with the session's own words when it refuses, `SESSION_GONE` when it ends first.
 */
export async function ask<M extends keyof Requests>(
  client: ControlClient,
  method: M,
  params: Requests[M]['params'],
): Promise<Requests[M]['result']> {
  try {
    return await client.request(method, params)
  } catch (error) {
    if (!(error instanceof ControlClientError)) throw error
    throw error.code === 'REFUSED'
      ? new Failure('REFUSED', error.message)
      : new Failure('SESSION_GONE', error.message, { exitCode: exitCodes.noSession })
  }
}

/** Connects, asks one thing and leaves. */
export async function askSession<M extends keyof Requests>(
  args: GlobalArguments,
  method: M,
  params: Requests[M]['params'],
): Promise<Requests[M]['result']> {
  await using client = await connectToSession(args)
  return await ask(client, method, params)
}
