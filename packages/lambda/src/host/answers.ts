import type { Dispatcher } from '../dispatcher/dispatcher.ts'
import type { Effect } from '../dispatcher/effect.ts'
import type { Answer } from '../dispatcher/instance-life.ts'
import type { HostedInstance } from './hosted-instance.ts'
import type { InvocationLedger } from './invocation-ledger.ts'
import type { Invocation } from './invocation.ts'
import type { Outcome } from './outcome.ts'
import type { ResponseStream } from './response-stream.ts'

/** What takes the answers of one function's instances works on. */
export interface AnswersScene {
  readonly dispatcher: Dispatcher
  readonly ledger: InvocationLedger
  readonly now: () => number
  readonly carryOut: (effects: readonly Effect[]) => void
}

/** Takes what runtimes answer, in one piece or as a stream, to the invocation that it belongs to. */
export class Answers {
  readonly #scene: AnswersScene

  constructor(scene: AnswersScene) {
    this.#scene = scene
  }

  /** A runtime's complete answer. */
  take(instance: HostedInstance, invocationId: string, outcome: Outcome): Answer {
    const { dispatcher, ledger, now, carryOut } = this.#scene
    const [status, effects] = dispatcher.answer(instance.id, invocationId, now())
    if (status === 'accepted') ledger.settle(invocationId, outcome)
    carryOut(effects)
    return status === 'unknown' && ledger.wasRecent(invocationId) ? 'late' : status
  }

  /** The beginning of a streamed answer: its caller reads along, the instance stays busy. */
  beginStream(
    instance: HostedInstance,
    invocationId: string,
    stream: ResponseStream,
    contentType: string,
  ): Answer {
    const { dispatcher, ledger } = this.#scene
    const { invocation } = instance
    if (invocation?.id !== invocationId) return ledger.wasRecent(invocationId) ? 'late' : 'unknown'
    const phase = dispatcher.phase(instance.id)
    if (phase?.kind !== 'busy' || phase.invocationId !== invocationId) return 'late'
    if (invocation.callerLeft || invocation.request.invocationType === 'Event') stream.discard()
    invocation.settleWithStream(stream, contentType)
    void this.#endStream(instance, invocation, stream)
    return 'accepted'
  }

  async #endStream(
    instance: HostedInstance,
    invocation: Invocation,
    stream: ResponseStream,
  ): Promise<void> {
    const { dispatcher, ledger, now, carryOut } = this.#scene
    await stream.ended
    const [status, effects] = dispatcher.answer(instance.id, invocation.id, now())
    if (status === 'accepted') {
      const failure = stream.failure()
      ledger.finish(invocation, failure === undefined ? 'ok' : 'function-error', failure)
    }
    carryOut(effects)
  }
}
