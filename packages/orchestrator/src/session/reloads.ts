import {
  type ConfigurationResult,
  type Workspace,
  type WorkspaceDifference,
  describeProblem,
  diffWorkspaces,
} from '../configuration/index.ts'
import type { SessionState } from '../control/index.ts'
import type { EventStream } from '../events/index.ts'
import { describeDifference } from './describe-difference.ts'

export interface ReloadsOptions {
  readonly events: EventStream
  /** The configuration that is in use. */
  readonly workspace: () => Workspace
  /** Reads the configuration again; absent where it cannot change. */
  readonly read: (() => Promise<ConfigurationResult>) | undefined
  /** Goes on with another configuration. */
  readonly apply: (next: Workspace, difference: WorkspaceDifference) => Promise<void>
}

/** Takes over each good edit of the configuration, and keeps the last good one when it is broken. */
export class Reloads {
  #state: SessionState['configuration'] = { kind: 'valid' }
  #isClosed = false
  #last: Promise<void> = Promise.resolve()
  readonly #options: ReloadsOptions

  constructor(options: ReloadsOptions) {
    this.#options = options
  }

  get state(): SessionState['configuration'] {
    return this.#state
  }

  /** One reload after the other; what changes meanwhile is read by the next. */
  async reload(): Promise<void> {
    this.#last = this.#last.then(async () => this.#reload())
    await this.#last
  }

  /** What is read from now on is not taken over. */
  close(): void {
    this.#isClosed = true
  }

  async #reload(): Promise<void> {
    const { events, workspace, read, apply } = this.#options
    const result = await read?.()
    if (result === undefined || this.#isClosed) return
    if (result.kind !== 'loaded') {
      const problems = problemsOf(result, workspace().root)
      this.#state = { kind: 'invalid', problems }
      events.emit({ type: 'configuration-invalid', problems })
      return
    }
    const difference = diffWorkspaces(workspace(), result.workspace)
    const wasInvalid = this.#state.kind === 'invalid'
    this.#state = { kind: 'valid' }
    const summary =
      describeDifference(difference) ?? (wasInvalid ? 'mended, nothing else differs' : null)
    if (summary === null) return
    events.emit({ type: 'configuration-changed', summary })
    await apply(result.workspace, difference)
  }
}

function problemsOf(
  result: Exclude<ConfigurationResult, { readonly kind: 'loaded' }>,
  root: string,
): readonly string[] {
  return result.kind === 'missing'
    ? ['the configuration file is gone']
    : result.problems.map((problem) => describeProblem(problem, { cwd: root }))
}
