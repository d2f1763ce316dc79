import type { ControlClient, SessionEvent } from '@singletrack/orchestrator/client'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodeOfSignal, exitCodes } from '../exit-codes.ts'
import { LineWriter } from '../output/line-writer.ts'
import type { SignalControl } from '../signal-control.ts'
import { type Terminal, processTerminal } from '../terminal.ts'
import { ask, connectToSession } from './session-client.ts'

/**
 * Asks the session that runs to start targets, and follows them. A signal detaches, and stops what
 * this call added and nothing else. Resolves with the exit code.
 */
export async function attach(
  args: GlobalArguments & { readonly targets: readonly string[] },
  signals: SignalControl,
): Promise<number> {
  await using client = await connectToSession(args)
  const terminal = processTerminal(args.color, args.json ? 'stderr' : 'stdout')
  using _events = client.onEvent(follower(args, terminal))
  await ask(client, 'subscribe', { output: true })
  const { started } = await ask(client, 'start', { targets: args.targets })
  notice(
    `attached to the session that runs (pid ${client.hello.pid}); ` +
      (started.length === 0 ? 'all of it was there before' : `started ${started.join(', ')}`),
  )
  await Promise.race([client.closed, firstSignal(signals)])
  if (signals.first === null) return exitCodes.ok
  await detach(client, started)
  return exitCodeOfSignal(signals.first)
}

async function detach(client: ControlClient, started: readonly string[]): Promise<void> {
  if (started.length > 0) await ask(client, 'stop', { targets: started })
  notice(`detached${started.length === 0 ? '' : `, stopped ${started.join(', ')}`}`)
}

/** The first signal detaches; a further one leaves at once. */
async function firstSignal(signals: SignalControl): Promise<void> {
  await new Promise<void>((resolve) => {
    signals.onSignal((signal, answer) => {
      if (answer === 'stop-gracefully') resolve()
      else process.exit(exitCodeOfSignal(signals.first ?? signal))
    })
  })
}

/** Shows what concerns these targets, and what concerns the session as a whole. */
function follower(
  args: GlobalArguments & { readonly targets: readonly string[] },
  terminal: Terminal,
): (event: SessionEvent) => void {
  const { targets, quiet } = args
  const writer = new LineWriter({ colors: terminal.colors, quiet, names: targets })
  return (event) => {
    if ('target' in event && event.target !== undefined && !targets.includes(event.target)) return
    if (args.json) terminal.writeOut(`${JSON.stringify(event)}\n`)
    else for (const line of writer.lines(event)) terminal.writeError(`${line}\n`)
  }
}

const notice = (text: string): void => void process.stderr.write(`singletrack: ${text}\n`)
