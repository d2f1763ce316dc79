import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'

import type { SessionState } from '@singletrack/orchestrator/client'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { formatDuration } from '../output/format.ts'
import { answer } from './answer.ts'
import type { InvokeArguments } from './invoke.command.ts'
import { type InvokeReply, sendInvocation } from './send-invocation.ts'
import { askSession } from './session-client.ts'

type Arguments = GlobalArguments & InvokeArguments

/** Invokes a function once and prints its answer. Resolves with the exit code. */
export async function invoke(args: Arguments): Promise<number> {
  const { target, url } = args
  const data = await readData(args)
  const address = addressOf(await askSession(args, 'status', {}), target, url)
  const began = performance.now()
  const reply = url
    ? await sendInvocation(address, data === null ? 'GET' : 'POST', data)
    : await sendInvocation(address, 'POST', data ?? '{}')
  const durationMs = Math.round(performance.now() - began)
  const hasFailed = reply.functionError !== null || reply.status >= 400
  answer(
    args,
    {
      type: 'invocation',
      target,
      status: reply.status,
      functionError: reply.functionError,
      durationMs,
      payload: parsed(reply.body),
    },
    () => (reply.body === '' ? [] : [reply.body]),
  )
  if (hasFailed && !args.json) complain(target, reply)
  else if (args.verbose > 0 && !args.json)
    process.stderr.write(`singletrack: ${target} answered in ${formatDuration(durationMs)}\n`)
  return hasFailed ? exitCodes.buildFailed : exitCodes.ok
}

/** The event or the body that the arguments name; `null` for none. */
async function readData({ data, file, url }: Arguments): Promise<string | null> {
  const given =
    file === undefined ? (data ?? null) : file === '-' ? await text(process.stdin) : read(file)
  if (given === null || url) return given
  try {
    JSON.parse(given)
  } catch (error) {
    throw new Failure(
      'INVALID_EVENT',
      `${sourceOf(file)} is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  return given
}

/** Where the event came from, for people. */
function sourceOf(file: string | undefined): string {
  if (file === undefined) return 'the event'
  return file === '-' ? 'standard input' : file
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new Failure(
      'UNREADABLE_EVENT',
      `cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function addressOf({ targets, endpoint }: SessionState, name: string, url: boolean): string {
  const functions = targets.filter((target) => target.function !== undefined)
  const found = functions.find((target) => target.name === name)
  if (found === undefined) {
    const isTarget = targets.some((target) => target.name === name)
    const known =
      functions.length === 0
        ? 'no target of this workspace is a function'
        : `functions are ${functions.map((target) => target.name).join(', ')}`
    throw new Failure(
      'NO_FUNCTION',
      isTarget
        ? `${name} is no function; write "start": "on-invoke" in its configuration (${known})`
        : `there is no target "${name}"; ${known}`,
    )
  }
  if (endpoint === undefined) {
    throw new Failure(
      'NOT_LISTENING',
      'the session could not listen for invocations; its output says why',
      { exitCode: exitCodes.noSession },
    )
  }
  return url
    ? `${endpoint}/lambda-url/${encodeURIComponent(name)}/`
    : `${endpoint}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`
}

function complain(target: string, { status, functionError, errorType }: InvokeReply): void {
  const what =
    functionError === null
      ? `HTTP status ${status}${errorType === null ? '' : `, ${errorType}`}`
      : `an error of the function (${functionError})`
  process.stderr.write(`singletrack: ${target} answered with ${what}\n`)
}

/** JSON as JSON, so that readers need not parse twice; anything else as text. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return body
  }
}
