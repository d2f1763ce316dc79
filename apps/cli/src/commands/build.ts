import {
  type BuildOnceResult,
  type BuildReport,
  type SessionEvent,
  type Workspace,
  buildOnce,
  findSession,
} from '@singletrack/orchestrator'

import type { GlobalArguments } from '../arguments.ts'
import type { Document } from '../documents/documents.ts'
import { exitCodeOfSignal, exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { documentLine } from '../output/document-line.ts'
import { LineWriter } from '../output/line-writer.ts'
import { problemLines } from '../output/problem-lines.ts'
import { SignalControl } from '../signal-control.ts'
import { type Terminal, processTerminal } from '../terminal.ts'
import type { BuildArguments } from './build.command.ts'
import { loadWorkspace, requireTargets } from './load-workspace.ts'

type Arguments = GlobalArguments & BuildArguments

/** Builds once: through the session that runs, or here. Resolves with the exit code. */
export async function build(args: Arguments): Promise<number> {
  const workspace = await loadWorkspace(args)
  requireTargets(workspace, args.targets)
  const output = new BuildOutput(args, [...workspace.targets.keys()])
  using signals = new SignalControl()
  const abort = new AbortController()
  signals.onSignal((signal, answer) => {
    if (answer === 'stop-gracefully') abort.abort(signal)
    else process.exit(exitCodeOfSignal(signal))
  })
  const code =
    (await askSession(workspace, args, output, abort.signal)) ??
    (await buildHere(workspace, args, output, abort.signal))
  return signals.first === null ? code : exitCodeOfSignal(signals.first)
}

/** Asks a running session, so that its state and ours stay one. `null` when there is none. */
async function askSession(
  workspace: Workspace,
  args: Arguments,
  output: BuildOutput,
  signal: AbortSignal,
): Promise<number | null> {
  // Inside a build the session waits for us; asking it would wait for ourselves.
  if (process.env['SINGLETRACK_HELD'] !== undefined) return null
  const found = await findSession(workspace.root)
  if (found.kind === 'none') return null
  if (found.kind === 'silent') {
    output.notice(
      `${found.label} (pid ${found.pid}) holds the session of this workspace and does not answer; building without it`,
    )
    return null
  }
  await using client = found.client
  output.notice(`asked the session that runs (pid ${client.hello.pid})`)
  using _events = client.onEvent((event) => output.event(event))
  signal.addEventListener('abort', () => void client[Symbol.asyncDispose](), { once: true })
  try {
    await client.request('subscribe', { output: true })
    const { reports } = await client.request('build', { targets: args.targets, fresh: args.fresh })
    return output.finish(reports)
  } catch (error) {
    if (signal.aborted) return exitCodes.buildFailed
    throw new Failure('SESSION_GONE', error instanceof Error ? error.message : String(error), {
      exitCode: exitCodes.buildFailed,
    })
  }
}

async function buildHere(
  workspace: Workspace,
  args: Arguments,
  output: BuildOutput,
  signal: AbortSignal,
): Promise<number> {
  try {
    const result = await buildOnce({
      workspace,
      targets: args.targets,
      fresh: args.fresh,
      bail: args.bail,
      colors: output.terminal.colors,
      signal,
      onEvent: (event) => output.event(event),
      onWait: (message) => output.notice(message),
    })
    return result.kind === 'built' ? output.finish(result.reports) : output.joined(result)
  } catch (error) {
    if (signal.aborted) return exitCodes.buildFailed
    throw error
  }
}

/** Events that tell of builds; what else a session does is not asked for here. */
const SHOWN: ReadonlySet<SessionEvent['type']> = new Set([
  'build-started',
  'build-succeeded',
  'build-failed',
  'build-canceled',
  'skipped',
  'held',
  'warning',
])

class BuildOutput {
  readonly terminal: Terminal
  readonly #json: boolean
  readonly #problems: boolean
  readonly #writer: LineWriter

  constructor(args: Arguments, names: readonly string[]) {
    this.terminal = processTerminal(args.color, args.json ? 'stderr' : 'stdout')
    this.#json = args.json
    this.#problems = args.problems
    this.#writer = new LineWriter({ colors: this.terminal.colors, quiet: args.quiet, names })
  }

  event(event: SessionEvent): void {
    const isShown = event.type === 'output' ? event.source === 'build' : SHOWN.has(event.type)
    if (!isShown) return
    if (this.#json) this.terminal.writeOut(`${JSON.stringify(event)}\n`)
    else for (const line of this.#lines(event)) this.terminal.writeError(`${line}\n`)
  }

  /** Something for people that is no event. */
  notice(text: string): void {
    process.stderr.write(`singletrack: ${text}\n`)
  }

  finish(reports: readonly BuildReport[]): number {
    const failed = reports.filter(
      ({ status }) => status === 'failed' || status === 'canceled',
    ).length
    const skipped = reports.filter(({ status }) => status === 'skipped').length
    const current = reports.filter(({ status }) => status === 'up-to-date').length
    const built = reports.length - failed - skipped - current
    if (this.#json) this.#document({ type: 'build-finished', reports })
    else {
      const upToDate = current === 0 ? '' : `${current} up to date, `
      this.terminal.writeError(`${upToDate}${built} built, ${failed} failed, ${skipped} skipped\n`)
    }
    return failed + skipped > 0 ? exitCodes.buildFailed : exitCodes.ok
  }

  joined(result: BuildOnceResult & { readonly kind: 'joined' }): number {
    const { ok, exitCode, summary, startedBeforeRequest } = result
    if (this.#json)
      this.#document({ type: 'build-joined', ok, exitCode, summary, startedBeforeRequest })
    else {
      const began = startedBeforeRequest ? 'that was running already' : 'that began after we asked'
      this.terminal.writeError(
        `joined an equal build ${began}: ${ok ? 'succeeded' : `failed (exit code ${exitCode ?? 'unknown'})`}\n`,
      )
      if (summary !== null) this.terminal.writeError(`${summary}\n`)
    }
    return ok ? exitCodes.ok : exitCodes.buildFailed
  }

  #lines(event: SessionEvent): readonly string[] {
    const lines = this.#writer.lines(event)
    if (!this.#problems) return lines
    if (event.type === 'build-failed') return [...lines, ...problemLines(event.diagnostics)]
    if (event.type === 'build-succeeded') return [...lines, ...problemLines(event.warnings)]
    return lines
  }

  #document(document: Document): void {
    this.terminal.writeOut(documentLine(document))
  }
}
