import { setImmediate } from 'node:timers/promises'

import type { Run, Target } from '../../src/configuration/index.ts'
import { EventStream } from '../../src/events/index.ts'
import { type ReadinessVerdict, RunController, type RunSurroundings } from '../../src/run/index.ts'
import type { Hold } from '../../src/state/index.ts'
import { FakeSpawn } from './fake-spawn.ts'
import { target } from './targets.ts'

/** A controller on fake children, with everything that it asks of the world in a test's hands. */
export class RunRig {
  readonly fake: FakeSpawn = new FakeSpawn()
  readonly events: EventStream = new EventStream(() => 0)
  readonly controller: RunController
  readonly recorded: Set<number> = new Set()
  hold: Hold | null = null
  readonly busyPorts: Set<number> = new Set()
  /** What readiness says; `null` leaves it open until the child ends. */
  readiness: ReadinessVerdict | null = { kind: 'ready', afterMs: 1 }
  stopCommands = 0
  readonly #target: Target

  constructor(run: Partial<Run> = {}) {
    this.#target = target('api', { run })
    this.controller = new RunController({
      target: this.#target,
      around: this.#around(),
      holdOf: () => this.hold,
      onChange: () => undefined,
    })
  }

  /** The types of the events so far, without lines of output. */
  get story(): readonly string[] {
    return this.events.history().map(({ type }) => type)
  }

  /** Waits until the condition holds; every step of a controller is over within a few turns. */
  async until(what: () => boolean): Promise<void> {
    for (let turn = 0; turn < 10_000; turn += 1) {
      if (what()) return
      // oxlint-disable-next-line no-await-in-loop -- waiting
      await setImmediate()
    }
    throw new Error(`waited in vain; state ${JSON.stringify(this.controller.state)}`)
  }

  /** Starts it and waits until it is in that state. */
  async started(kind: string = 'ready'): Promise<void> {
    this.controller.replace(null)
    await this.until(() => this.controller.state.kind === kind)
  }

  #around(): RunSurroundings {
    let nextRun = 1
    return {
      spawn: this.fake.spawn,
      outputsNow: async () => Promise.resolve({ kind: 'undeclared' }),
      newJob: () => 'nonce',
      environment: () => ({ SINGLETRACK_JOB: 'nonce' }),
      waitUntilReady: async ({ signal }) =>
        this.readiness ??
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ kind: 'aborted' }), { once: true })
        }),
      isPortFree: async (port) => Promise.resolve(!this.busyPorts.has(port)),
      portHolder: async () => Promise.resolve('another (pid 7)'),
      runStopCommand: async () => {
        this.stopCommands += 1
        await Promise.resolve()
      },
      record: async (_target, pid) => {
        this.recorded.add(pid)
        await Promise.resolve()
      },
      endStrays: async () => Promise.resolve([]),
      forget: (pid) => this.recorded.delete(pid),
      now: () => performance.now(),
      sleep: async () => {
        await setImmediate()
      },
      emit: (body, cause) => this.events.emit(body, { cause }),
      nextRunId: () => nextRun++,
    }
  }
}
