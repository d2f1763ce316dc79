import { writeFile } from 'node:fs/promises'

import type { SessionEvent } from '@singletrack/orchestrator/client'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { chromeTrace } from '../output/chrome-trace.ts'
import { count } from '../output/format.ts'
import { answer } from './answer.ts'
import { ask, connectToSession } from './session-client.ts'
import type { TraceArguments } from './trace.command.ts'

/** Writes the history of the session as a trace. Resolves with the exit code. */
export async function trace(args: GlobalArguments & TraceArguments): Promise<number> {
  const events = await historyOf(args)
  const entries = chromeTrace(events)
  const text = JSON.stringify({ displayTimeUnit: 'ms', traceEvents: entries })
  if (args.output === '-') {
    process.stdout.write(`${text}\n`)
    return exitCodes.ok
  }
  await writeFile(args.output, text)
  answer(args, { type: 'trace', file: args.output, entries: entries.length }, () => [
    `wrote ${args.output} (${count(events.length, 'event')}); open it in https://ui.perfetto.dev`,
  ])
  return exitCodes.ok
}

async function historyOf(args: GlobalArguments): Promise<readonly SessionEvent[]> {
  await using client = await connectToSession(args)
  const events: SessionEvent[] = []
  using _events = client.onEvent((event) => void events.push(event))
  await ask(client, 'subscribe', { history: true, output: false })
  // Notifications and answers keep their order: what came before this answer is there now.
  await ask(client, 'status', {})
  return events
}
