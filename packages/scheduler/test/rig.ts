import {
  type Handle,
  type RunContext,
  type Scheduler,
  type SchedulerOptions,
  type TaskOptions,
  createScheduler,
} from '../src/index.ts'
import { ManualClock, turn } from './manual-clock.ts'

interface Rig {
  readonly scheduler: Scheduler
  readonly clock: ManualClock
  /** The names of the runs that have begun: their ids, with a plus sign between those of a joint run. */
  readonly log: string[]
  readonly contexts: ReadonlyMap<string, RunContext>
  readonly submit: (id: string, more?: Partial<TaskOptions>) => Handle
  /** Lets the run of this name succeed. */
  readonly end: (name: string, value?: unknown) => Promise<void>
  readonly fail: (name: string, error?: unknown) => Promise<void>
}

/** A scheduler whose runs wait until the test ends them. */
export function rig(options: SchedulerOptions = {}): Rig {
  const clock = new ManualClock()
  const scheduler = createScheduler({ clock, ...options })
  const log: string[] = []
  const contexts = new Map<string, RunContext>()
  const ends = new Map<string, PromiseWithResolvers<unknown>>()
  const run = (context: RunContext): Promise<unknown> => {
    const name = context.ids.join('+')
    log.push(name)
    const pending = Promise.withResolvers<unknown>()
    contexts.set(name, context)
    ends.set(name, pending)
    return pending.promise
  }
  const submit = (id: string, more: Partial<TaskOptions> = {}): Handle => {
    return scheduler.submit({ id, run, ...more })
  }
  const end = async (name: string, value?: unknown): Promise<void> => {
    ends.get(name)?.resolve(value)
    await turn()
  }
  const fail = async (name: string, error: unknown = new Error(`${name} broke`)): Promise<void> => {
    ends.get(name)?.reject(error)
    await turn()
  }
  return { scheduler, clock, log, contexts, submit, end, fail }
}

/** Of each queued task, why it waits. */
export function whys(scheduler: Scheduler): Record<string, string> {
  return Object.fromEntries(scheduler.snapshot().queued.map(({ id, why }) => [id, why]))
}
