import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

import { measuredEnvironment } from './environment.ts'
import type { BenchmarkWorkspace } from './workspace.ts'

/** Longer than any program of ours takes to start. */
const LIMIT_MS = 30_000

/**
 * The floor: what the same build and the same program take when nobody watches and nothing has to
 * be ended before.
 */
export async function bareSpawn(
  workspace: BenchmarkWorkspace,
  revision: string,
): Promise<number | null> {
  const { spec, reporter } = workspace
  const [one] = spec.functions
  if (one === undefined) throw new Error('a workspace without a function')
  workspace.edit(one, revision)
  const startedAt = performance.now()
  if (one.build !== null) await once(start(one.build.command, spec.root), 'exit')
  const program = start(one.run, spec.root)
  const ready = await reporter.until((report) => report.revision === revision, LIMIT_MS)
  const ended = once(program, 'exit')
  program.kill()
  await ended
  return ready === null ? null : ready.at - startedAt
}

function start([program, ...args]: readonly [string, ...string[]], cwd: string): ChildProcess {
  return spawn(program, args, {
    cwd,
    env: measuredEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
