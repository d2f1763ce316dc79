import { request } from 'node:http'
import { text } from 'node:stream/consumers'

import type { FunctionState } from '@singletrack/orchestrator'

import { eventually } from './eventually.ts'
import type { Program } from './program.ts'
import type { Workspace } from './workspace.ts'

/** What an invocation was answered with. */
export interface InvocationAnswer {
  readonly status: number
  readonly functionError: string | undefined
  readonly payload: Record<string, unknown>
}

/** A session and where its functions are invoked; disposing it ends the session. */
export interface FunctionSession extends AsyncDisposable {
  readonly session: Program
  readonly endpoint: string
}

/** Starts a session and waits until it listens for invocations. */
export async function openFunctions(
  workspace: Workspace,
  env: NodeJS.ProcessEnv = {},
): Promise<FunctionSession> {
  const session = await workspace.session(env)
  const [endpoint = ''] = session
    .events()
    .flatMap((event) => (event.type === 'listening' ? [event.url] : []))
  return {
    session,
    endpoint,
    [Symbol.asyncDispose]: async () => session[Symbol.asyncDispose](),
  }
}

/** Invokes a function; a `signal` makes the caller leave. */
export async function call(
  endpoint: string,
  name: string,
  event: Readonly<Record<string, unknown>> = {},
  signal?: AbortSignal,
): Promise<InvocationAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${endpoint}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
      { method: 'POST', ...(signal === undefined ? {} : { signal }) },
      (response) => {
        const functionError = response.headers['x-amz-function-error']
        text(response).then(
          (body) =>
            resolve({
              status: response.statusCode ?? 0,
              functionError: typeof functionError === 'string' ? functionError : undefined,
              payload: JSON.parse(body) as Record<string, unknown>,
            }),
          reject,
        )
      },
    )
    sent.on('error', reject)
    sent.end(JSON.stringify(event))
  })
}

/** The process that answered. */
export const pidOf = ({ payload }: InvocationAnswer): number => Number(payload['pid'])

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until what `singletrack status` says of a function fits. */
export async function functionIs(
  workspace: Workspace,
  name: string,
  what: string,
  fits: (state: FunctionState) => boolean,
): Promise<void> {
  await eventually(what, async () => {
    const status = workspace.run(['status', '--json'])
    await status.end()
    const { targets } = JSON.parse(status.stdout) as {
      readonly targets: readonly { readonly name: string; readonly function?: FunctionState }[]
    }
    const state = targets.find((target) => target.name === name)?.function
    return state !== undefined && fits(state) ? true : undefined
  })
}
