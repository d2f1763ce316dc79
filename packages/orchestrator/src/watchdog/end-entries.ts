import { spawn } from 'node:child_process'

import { type EndMarkedResult, endMarked } from '../processes/index.ts'
import type { RecordedStop, WatchdogEntry } from './entry.ts'

/** What is left of a session gets this long between SIGTERM and SIGKILL. */
const GRACE_MS = 2_000
const STOP_COMMAND_LIMIT_MS = 10_000

/** Runs the stop commands, then ends the recorded groups, each by its identity. */
export async function endEntries(entries: readonly WatchdogEntry[]): Promise<EndMarkedResult> {
  await Promise.all(entries.map(async ({ stop }) => (stop === null ? undefined : runStop(stop))))
  return endMarked(entries, { graceMs: GRACE_MS })
}

/** A stop command that fails or hangs must not keep the groups alive; what it leaves has their mark. */
async function runStop({ argv: [program, ...args], cwd, env }: RecordedStop): Promise<void> {
  // Ours alone: it makes an Electron a Node, as which the watchdog of an editor runs.
  const { ELECTRON_RUN_AS_NODE: _electron, ...inherited } = process.env
  const child = spawn(program, args, {
    cwd,
    env: { ...inherited, ...env },
    stdio: 'ignore',
    timeout: STOP_COMMAND_LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
}
