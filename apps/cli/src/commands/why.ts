import type { SessionEvent } from '@singletrack/orchestrator/client'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodes } from '../exit-codes.ts'
import { eventText } from '../output/event-text.ts'
import { table } from '../output/table.ts'
import { TARGET_COLUMNS, targetRow } from '../output/target-row.ts'
import { answer } from './answer.ts'
import { askSession } from './session-client.ts'
import type { WhyArguments } from './why.command.ts'

/** Prints the chain of causes. Resolves with the exit code. */
export async function why(args: GlobalArguments & WhyArguments): Promise<number> {
  const { chain, state } = await askSession(args, 'why', { target: args.target })
  answer(args, { type: 'why', target: args.target, chain, state }, () => [
    ...(chain.length === 0
      ? [`nothing has happened to ${args.target} yet`]
      : table(chain.map(linkRow))),
    '',
    ...table([TARGET_COLUMNS, targetRow(state, Date.now())]),
  ])
  return exitCodes.ok
}

function linkRow(event: SessionEvent): readonly string[] {
  const text = eventText(event)
  const words = [text?.text ?? event.type, ...(text?.details ?? []).slice(0, 1)].join(': ')
  return [localTime(event.time), text?.subject ?? 'singletrack', words]
}

/** `14:03:07.120`, in the reader's own time zone. */
function localTime(time: string): string {
  const date = new Date(time)
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()]
  return `${clock.map((part) => digits(part, 2)).join(':')}.${digits(date.getMilliseconds(), 3)}`
}

const digits = (number: number, length: number): string => String(number).padStart(length, '0')
