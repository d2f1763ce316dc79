/**
 * The thread of a watcher with `worker: true`: the whole watcher is here, only the handlers are
 * called where it was created. Ends by itself once it is told to close.
 */
import { parentPort, workerData } from 'node:worker_threads'

import { selectBackend } from '../backend/select.ts'
import { WatcherClosedError } from '../errors.ts'
import { FileWatcher } from '../file-watcher.ts'
import type { Target } from '../options.ts'
import { resolveOptions } from '../resolve-options.ts'
import { toError } from '../system/to-error.ts'
import type { WatcherWarning } from '../warnings.ts'
import type { Answer, Reply, Request, ThreadData } from './messages.ts'

/** A target, and what to call when its handler is done. */
interface ThreadTarget {
  readonly target: Target
  handled: (() => void) | undefined
}

const parent = parentPort
if (parent === null) throw new WatcherClosedError()
const { options, answers }: ThreadData = workerData
const targets = new Map<number, ThreadTarget>()
const watcher = new FileWatcher(
  resolveOptions({ ...options, onWarning: forward }),
  selectBackend(options, process.platform),
)

parent.on('message', (request: Request) => take(request))
reply({ kind: 'started' })

function take(request: Request): void {
  switch (request.kind) {
    case 'add':
      add(request)
      return
    case 'remove': {
      const removed = targets.get(request.target)
      targets.delete(request.target)
      removed?.target.remove()
      removed?.handled?.()
      return
    }
    case 'handled':
      targets.get(request.target)?.handled?.()
      return
    case 'ready':
      void watcher.ready.then(() => reply({ kind: 'done', call: request.call, clock: 0 }))
      return
    case 'sync':
      watcher.sync().then(
        (clock) => reply({ kind: 'done', call: request.call, clock }),
        // Closed meanwhile: whoever asked has let go already.
        () => undefined,
      )
      return
    case 'close':
      void close()
      return
    case 'snapshot':
      void snapshot(request.file, request.call)
      return
    case 'stats':
      answer({ kind: 'stats', stats: watcher.stats() })
      return
    case 'explain':
      answer({ kind: 'explained', explanation: watcher.explain(request.path) })
  }
}

function add({ target, definition, call }: Request & { readonly kind: 'add' }): void {
  const added: ThreadTarget = {
    target: watcher.add({
      ...definition,
      onBatch: (batch) =>
        new Promise<void>((resolve) => {
          added.handled = resolve
          reply({ kind: 'batch', target, batch })
        }),
    }),
    handled: undefined,
  }
  targets.set(target, added)
  void added.target.ready.then(() => reply({ kind: 'done', call, clock: 0 }))
}

async function snapshot(file: string, call: number): Promise<void> {
  try {
    await watcher.snapshot(file)
    reply({ kind: 'done', call, clock: 0 })
  } catch (thrown) {
    const error = toError(thrown)
    reply({ kind: 'failed', call, error, code: error.code })
  }
}

/** Nothing is left afterwards that would keep the thread alive. */
async function close(): Promise<void> {
  for (const { handled } of targets.values()) handled?.()
  await watcher.close()
  answers.port.close()
  parent?.close()
}

function forward(warning: WatcherWarning): void {
  const cause: unknown = 'cause' in warning ? warning.cause : undefined
  reply({ kind: 'warning', warning, causeCode: toError(cause).code })
}

function reply(message: Reply): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parent?.postMessage(message)
}

function answer(message: Answer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  answers.port.postMessage(message)
  Atomics.store(answers.flag, 0, 1)
  Atomics.notify(answers.flag, 0)
}
