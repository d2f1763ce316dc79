import { type Job, type JobEvent, startJob } from '../src/index.ts'
import type { Command } from '../src/index.ts'
import { type FakeBehavior, FakeProcesses, ManualClock } from '../src/testing.ts'

export const server: Command = { program: { exec: 'server', args: ['--port', '1'] } }

export interface Rig extends AsyncDisposable {
  readonly clock: ManualClock
  readonly processes: FakeProcesses
  readonly job: Job
  readonly task: Promise<void>
  readonly events: readonly JobEvent[]
  /** The kinds of the events so far. */
  kinds(): readonly string[]
}

/**
 * A job over fake processes in virtual time. The behavior at index n is that of the n-th spawn, the
 * last one that of all later spawns.
 */
export function rig(behaviors: readonly FakeBehavior[] = [{}], command: Command = server): Rig {
  const clock = new ManualClock()
  const processes = new FakeProcesses(
    clock,
    (_, index) => behaviors[Math.min(index, behaviors.length - 1)] ?? {},
  )
  const { job, task } = startJob(command, { clock, spawn: processes.spawn })
  const events: JobEvent[] = []
  job.events.on((event) => events.push(event))
  return {
    clock,
    processes,
    job,
    task,
    events,
    kinds: () => events.map(({ kind }) => kind),
    async [Symbol.asyncDispose]() {
      const deleted = job.deleteNow()
      await clock.advance(10_000)
      await deleted
      await task
    },
  }
}
