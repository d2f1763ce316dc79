import type { Target } from '../configuration/index.ts'
import type { RunState } from '../state/index.ts'
import { waitForFreePort } from './port-gate.ts'
import { runOf } from './run-of.ts'
import { RunProcess, type RunStart } from './run-process.ts'
import type { RunSurroundings } from './run-surroundings.ts'

/** One try to start a process: when its port is free, for as long as `signal` lets it wait. */
export async function startRun(options: {
  readonly around: RunSurroundings
  readonly target: Target
  readonly cause: number | null
  readonly signal: AbortSignal
  readonly onState: (state: RunState) => void
}): Promise<RunStart | { readonly kind: 'aborted' }> {
  const { around, target, cause, signal, onState } = options
  const { port } = runOf(target)
  const id = around.nextRunId()
  onState({ kind: 'starting', run: id, pid: null, since: around.now() })
  if (port !== null) {
    const gate = await waitForFreePort({
      port,
      isFree: around.isPortFree,
      holderOf: around.portHolder,
      onTaken: (holder) => {
        onState({ kind: 'port-in-use', port, holder })
        around.emit({ type: 'port-in-use', target: target.name, port, holder }, cause)
      },
      signal,
      sleep: around.sleep,
      now: around.now,
    })
    if (gate === 'aborted') return { kind: 'aborted' }
  }
  return RunProcess.spawn({ around, target, id, cause, onState })
}
