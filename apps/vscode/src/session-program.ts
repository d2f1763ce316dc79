import { parseArgs } from 'node:util'

import type * as Orchestrator from '@singletrack/orchestrator'

import { type Attendance, attend, isOver } from './session/linger.ts'
import { bundledOrchestrator, installedOrchestrator } from './session/load-orchestrator.ts'

/**
 * The program that *Start* runs: one session in a process of its own, which ends when nobody has been
 * attached for `--linger` milliseconds. It answers on the control socket like any other session.
 *
 * Exit codes: 0 it has ended, 2 the configuration, 3 a session lives already, 70 anything else; what
 * to say about it stands on stderr.
 */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      root: { type: 'string' },
      linger: { type: 'string', default: '15000' },
      'installed-in': { type: 'string' },
    },
  })
  const { root, linger } = values
  if (root === undefined) throw new Error('--root is missing')
  // It made the editor's executable behave as Node, and would do so to every target.
  delete process.env['ELECTRON_RUN_AS_NODE']
  const installedIn = values['installed-in']
  const { orchestrator, version } = await (installedIn === undefined
    ? bundledOrchestrator()
    : installedOrchestrator(installedIn))
  const reload = async (): Promise<Orchestrator.ConfigurationResult> =>
    orchestrator.loadConfiguration({ root, environment: process.env })
  const loaded = await reload()
  if (loaded.kind !== 'loaded') return refuse(problemOf(orchestrator, loaded), 2)
  let session
  try {
    session = await orchestrator.createSession({
      workspace: loaded.workspace,
      version,
      label: 'VS Code',
      reload,
    })
  } catch (error) {
    if (error instanceof orchestrator.SessionHeldError) return refuse(error.message, 3)
    throw error
  }
  const stop = endWhenAlone(session, Number(linger))
  endBySignal(session)
  const end = await session.ended
  stop()
  return end.left.length === 0 ? 0 : refuse(`could not end pid ${end.left.join(', ')}`, 70)
}

function problemOf(
  { describeProblem }: typeof Orchestrator,
  result: Exclude<Orchestrator.ConfigurationResult, { readonly kind: 'loaded' }>,
): string {
  if (result.kind === 'missing') return `there is no singletrack.jsonc in ${result.root}`
  return result.problems.map((each) => describeProblem(each, { cwd: process.cwd() })).join('\n')
}

/** Often enough that 15 s are kept to the second, seldom enough to cost nothing. */
const LOOK_EVERY_MS = 500

function endWhenAlone(session: Orchestrator.Session, lingerMs: number): () => void {
  let attendance: Attendance = { kind: 'attended' }
  const timer = setInterval(() => {
    attendance = attend(attendance, session.clients, Date.now())
    if (isOver(attendance, lingerMs, Date.now())) void session.end('its last client has left')
  }, LOOK_EVERY_MS)
  return () => clearInterval(timer)
}

function endBySignal(session: Orchestrator.Session): void {
  let asked = 0
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      asked += 1
      void session.end(signal, { force: asked > 1 })
    })
  }
}

function refuse(message: string, code: number): number {
  process.stderr.write(`${message}\n`)
  return code
}

// Whoever started us may have gone; that nobody reads what we say must not end the session.
process.stderr.on('error', () => undefined)
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.exit(refuse(error instanceof Error ? error.message : String(error), 70))
  },
)
