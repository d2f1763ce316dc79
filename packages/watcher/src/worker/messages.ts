import type { MessagePort } from 'node:worker_threads'

import type { BackendName, Batch, Explanation, Stats, TargetDef } from '../options.ts'
import type { WatcherWarning } from '../warnings.ts'

/** The options of a watcher that can go to another thread. */
export interface ThreadOptions {
  readonly root: string
  readonly backend: 'auto' | BackendName
  readonly gitignore: boolean
  readonly ignore: readonly string[]
  readonly followSymlinks: boolean
  readonly debounceMs: number
  readonly maxWaitMs: number
  readonly vcsHoldMs: number
  readonly snapshot?: string
}

/** What a thread is started with. */
export interface ThreadData {
  readonly options: ThreadOptions
  readonly answers: AnswerData
}

/** Where questions are answered while the one who asks stands still. */
export interface AnswerData {
  readonly port: MessagePort
  /** Its first element is 1 once the answer is in the port. */
  readonly flag: Int32Array<SharedArrayBuffer>
}

/** Told to the thread. `target` is a number of its own for each `add`; `call` for each promise. */
export type Request =
  | {
      readonly kind: 'add'
      readonly target: number
      readonly definition: Omit<TargetDef, 'onBatch'>
      readonly call: number
    }
  | { readonly kind: 'remove'; readonly target: number }
  | { readonly kind: 'close' }
  /** The handler is done with its batch. */
  | { readonly kind: 'handled'; readonly target: number }
  | { readonly kind: 'ready'; readonly call: number }
  | { readonly kind: 'sync'; readonly call: number }
  | { readonly kind: 'snapshot'; readonly file: string; readonly call: number }
  | { readonly kind: 'stats' }
  | { readonly kind: 'explain'; readonly path: string }

/** Told by the thread. */
export type Reply =
  | { readonly kind: 'started' }
  | { readonly kind: 'batch'; readonly target: number; readonly batch: Batch }
  | {
      readonly kind: 'warning'
      readonly warning: WatcherWarning
      /** The code of its cause, which an error loses on its way. */
      readonly causeCode: string | undefined
    }
  | { readonly kind: 'done'; readonly call: number; readonly clock: number }
  | {
      readonly kind: 'failed'
      readonly call: number
      readonly error: Error
      readonly code: string | undefined
    }

/** Left in the port of `AnswerData`. */
export type Answer =
  | { readonly kind: 'stats'; readonly stats: Stats }
  | { readonly kind: 'explained'; readonly explanation: Explanation }
