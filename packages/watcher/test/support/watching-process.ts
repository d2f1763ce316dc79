import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import type { BackendName, Stats } from '../../src/index.ts'

const FIXTURE = fileURLToPath(new URL('../fixtures/watch-tree.ts', import.meta.url))

/** What the fixture `watch-tree.ts` prints. */
export interface TreeReport {
  /** `kind path`, in the order of the batches. */
  readonly named: readonly string[]
  readonly batches: number
  readonly complete: boolean
  readonly reasons: readonly string[]
  readonly warnings: readonly (Readonly<Record<string, unknown>> & { readonly code: string })[]
  readonly stats: Stats
}

export interface WatchingProcess extends AsyncDisposable {
  readonly child: ChildProcess
  /** What it said when it was ready. */
  readonly first: TreeReport
  /** What was told since the last time, after a barrier. */
  report(): Promise<TreeReport>
  /** The same without a barrier. */
  told(): Promise<TreeReport>
}

/** Watches a directory in a process of its own. `wrap` is a command to start it with. */
export async function watchInProcess(
  root: string,
  backend: BackendName,
  wrap: readonly string[] = [],
): Promise<WatchingProcess> {
  const [command, ...args] = [...wrap, process.execPath, FIXTURE, root, backend]
  const child = spawn(command ?? process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<TreeReport> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error('the watching process ended')
    return JSON.parse(value)
  }
  return {
    child,
    first: await next(),
    report() {
      child.stdin.write('report\n')
      return next()
    },
    told() {
      child.stdin.write('told\n')
      return next()
    },
    async [Symbol.asyncDispose]() {
      const ended = child.exitCode === null ? once(child, 'exit') : undefined
      child.kill('SIGKILL')
      await ended
    },
  }
}
