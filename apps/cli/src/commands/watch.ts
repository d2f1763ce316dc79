import {
  type Session,
  type SessionEnd,
  type SessionEvent,
  SessionHeldError,
  createSession,
} from '@singletrack/orchestrator'

import type { GlobalArguments } from '../arguments.ts'
import { exitCodeOfSignal, exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { LineWriter } from '../output/line-writer.ts'
import { LiveOutput } from '../output/live-output.ts'
import { readySummary } from '../output/ready-summary.ts'
import { UnreadOutput } from '../output/unread-output.ts'
import { SignalControl } from '../signal-control.ts'
import { SuspendControl } from '../suspend-control.ts'
import { type Terminal, processTerminal } from '../terminal.ts'
import { attach } from './attach.ts'
import { refuseInsideBuild } from './refuse-inside-build.ts'
import type { WatchArguments } from './watch.command.ts'
import { watchedWorkspace } from './watched-workspace.ts'

/** Runs a session until somebody ends it. Resolves with the exit code. */
export async function watch(
  args: GlobalArguments & WatchArguments,
  version: string,
): Promise<number> {
  refuseInsideBuild('watch', 'its builds would wait for the one that runs it')
  const { workspace, reload } = await watchedWorkspace(args)
  const terminal = processTerminal(args.color, args.json ? 'stderr' : 'stdout')
  using signals = new SignalControl()
  using output = openOutput(args, terminal, [...workspace.targets.keys()], signals)
  let session: Session | null = null
  using _suspending = new SuspendControl({
    suspend: async () => {
      await session?.suspend()
      output.leaveTerminal()
    },
    resume: async () => {
      output.takeTerminal()
      await session?.resume()
    },
    continued: () => output.takeTerminal(),
  })
  try {
    session = await createSession({
      workspace,
      version,
      reload,
      colors: terminal.colors,
      onEvent: (event) => output.event(event),
      ...(args.targets.length > 0 ? { targets: args.targets } : {}),
    })
  } catch (error) {
    if (error instanceof SessionHeldError) {
      if (args.targets.length > 0) return await attach(args, signals)
      throw new Failure(error.code, error.message, {
        exitCode: exitCodes.sessionHeld,
        details: { holder: error.holder },
      })
    }
    throw error
  }
  const running = session
  signals.onSignal((signal, answer) => {
    switch (answer) {
      case 'stop-gracefully':
        void running.end(signal)
        return
      case 'stop-by-force':
        void running.end(signal, { force: true })
        return
      case 'exit':
        process.exit(exitCodeOfSignal(signals.first ?? signal))
    }
  })
  output.attach(running)
  if (!args.json) printSummaryOnce(running, (line) => output.print(line))
  const code = exitCodeOf(await running.ended, signals.first)
  // What a reader has not taken would keep us alive for as long as the reader lives.
  if (!(await new UnreadOutput(process.stdout).read())) process.exit(code)
  return code
}

function exitCodeOf(end: SessionEnd, signal: NodeJS.Signals | null): number {
  if (signal !== null) return exitCodeOfSignal(signal)
  return end.reason === 'the watch lock was lost' ? exitCodes.lockLost : exitCodes.ok
}

/** Where the events of a session go: NDJSON, a live terminal, or plain lines. */
interface Output extends Disposable {
  event(event: SessionEvent): void
  print(line: string): void
  attach(session: Session): void
  /** Prints what is left and gives the terminal back, until it is taken again. */
  leaveTerminal(): void
  takeTerminal(): void
}

function openOutput(
  args: GlobalArguments,
  terminal: Terminal,
  names: readonly string[],
  signals: SignalControl,
): Output {
  const unread = new UnreadOutput(process.stdout)
  if (args.json) {
    return plainOutput((event) => {
      if (event.type !== 'output' || unread.admits())
        terminal.writeOut(`${JSON.stringify(event)}\n`)
    }, terminal)
  }
  const writer = new LineWriter({ colors: terminal.colors, quiet: args.quiet, names })
  if (terminal.interactive) {
    return new LiveOutput({
      writer,
      colors: terminal.colors,
      actions: {
        interrupt: () => signals.hear('SIGINT'),
        suspend: () => SuspendControl.pressed(),
      },
    })
  }
  return plainOutput((event) => {
    if (event.type === 'output' && !unread.admits()) return
    const leftOut = unread.takeLeftOut()
    if (leftOut > 0)
      terminal.writeError(`… ${leftOut} lines were too fast for the reader; see singletrack logs\n`)
    for (const line of writer.lines(event)) terminal.writeError(`${line}\n`)
  }, terminal)
}

const plainOutput = (event: (event: SessionEvent) => void, terminal: Terminal): Output => ({
  event,
  print: (line) => terminal.writeError(`${line}\n`),
  attach: () => undefined,
  leaveTerminal: () => undefined,
  takeTerminal: () => undefined,
  [Symbol.dispose]: () => undefined,
})

function printSummaryOnce(session: Session, print: (line: string) => void): void {
  const stop = session.events.subscribe((event) => {
    if (event.type !== 'settled') return
    stop()
    for (const line of readySummary(session.state(), session.workspace)) print(line)
  })
}
