import {
  type ControlClient,
  type LogRecord,
  type SessionEvent,
  parseDuration,
} from '@singletrack/orchestrator/client'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { documentLine } from '../output/document-line.ts'
import { LineWriter } from '../output/line-writer.ts'
import { type Terminal, processTerminal } from '../terminal.ts'
import type { LogsArguments } from './logs.command.ts'
import { ask, connectIfThere, connectToSession } from './session-client.ts'
import { workspaceRoot } from './workspace-root.ts'

type Arguments = GlobalArguments & LogsArguments

interface Query {
  readonly targets: readonly string[]
  readonly since: number | undefined
  readonly grep: RegExp | undefined
  readonly limit: number
}

/** Prints lines of logs, and with `--follow` more as they come. Resolves with the exit code. */
export async function logs(args: Arguments): Promise<number> {
  const query = queryOf(args)
  const output = new LogOutput(args)
  if (args.follow) {
    await using client = await connectToSession(args)
    await follow(client, query, output)
    return exitCodes.ok
  }
  await using client = await connectIfThere(args)
  output.all(client === null ? await fromFiles(args, query) : await fromSession(client, query))
  return exitCodes.ok
}

async function fromFiles(args: Arguments, query: Query): Promise<readonly LogRecord[]> {
  const { targets, since, grep, limit } = query
  const { readLogHistory } = await import('@singletrack/orchestrator')
  return readLogHistory(workspaceRoot(args), {
    limit,
    ...(targets.length === 0 ? {} : { targets }),
    ...(since === undefined ? {} : { since }),
    ...(grep === undefined ? {} : { grep }),
  })
}

async function fromSession(client: ControlClient, query: Query): Promise<readonly LogRecord[]> {
  const { targets, since, grep, limit } = query
  const { records } = await ask(client, 'logs', {
    targets,
    limit,
    ...(since === undefined ? {} : { since }),
    ...(grep === undefined ? {} : { grep: grep.source }),
  })
  return records
}

/** First what there is, then what comes; a line that is in both is shown once. */
async function follow(client: ControlClient, query: Query, output: LogOutput): Promise<void> {
  const early: LogRecord[] = []
  let take = (record: LogRecord): void => void early.push(record)
  using _events = client.onEvent((event) => {
    const record = recordOf(event)
    if (record !== null && wants(query, record)) take(record)
  })
  await ask(client, 'subscribe', { output: true })
  const records = await fromSession(client, query)
  const known = new Set(records.map((record) => JSON.stringify(record)))
  for (const record of records) output.one(record)
  for (const record of early) if (!known.has(JSON.stringify(record))) output.one(record)
  take = (record) => output.one(record)
  await client.closed
}

function recordOf(event: SessionEvent): LogRecord | null {
  if (event.type !== 'output') return null
  const { time, target, source, stream, line } = event
  return { time, target, source, stream, line }
}

const wants = ({ targets, grep }: Query, { target, line }: LogRecord): boolean =>
  (targets.length === 0 || targets.includes(target)) && (grep === undefined || grep.test(line))

function queryOf({ targets, since, grep, limit }: Arguments): Query {
  if (!Number.isInteger(limit) || limit < 1 || limit > 100_000)
    throw new Failure('INVALID_LIMIT', '--limit takes a number of lines from 1 to 100000')
  return {
    targets,
    limit,
    since: since === undefined ? undefined : sinceOf(since, Date.now()),
    grep: grep === undefined ? undefined : patternOf(grep),
  }
}

/** Epoch milliseconds of `10m` (that long ago) or of a time in ISO 8601. */
function sinceOf(text: string, now: number): number {
  const ago = parseDuration(text)
  if (ago !== null) return now - ago
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return time
  throw new Failure(
    'INVALID_TIME',
    `--since ${text} is neither a duration such as 10m nor a time such as 2026-11-21T09:00`,
  )
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch (error) {
    throw new Failure(
      'INVALID_PATTERN',
      `--grep: ${error instanceof Error ? error.message : 'no regular expression'}`,
    )
  }
}

class LogOutput {
  readonly #args: Arguments
  readonly #terminal: Terminal
  readonly #writer: LineWriter

  constructor(args: Arguments) {
    this.#args = args
    this.#terminal = processTerminal(args.color, 'stdout')
    this.#writer = new LineWriter({
      colors: this.#terminal.colors,
      quiet: args.quiet,
      names: args.targets,
    })
  }

  all(records: readonly LogRecord[]): void {
    if (this.#args.json) this.#terminal.writeOut(documentLine({ type: 'logs', records }))
    else for (const record of records) this.one(record)
  }

  one(record: LogRecord): void {
    const event: SessionEvent = { v: 1, id: 0, type: 'output', ...record }
    if (this.#args.json) this.#terminal.writeOut(documentLine({ type: 'log', ...record }))
    else for (const line of this.#writer.lines(event)) this.#terminal.writeOut(`${line}\n`)
  }
}
