import fc from 'fast-check'
import { expect, test } from 'vitest'

import { type JobEvent, type Ticket, startJob } from '../src/index.ts'
import { type FakeBehavior, FakeProcesses, ManualClock } from '../src/testing.ts'
import { server } from './rig.ts'

/** More for a long search: `SINGLETRACK_PROPERTY_RUNS=20000 vitest run test/model.test.ts`. */
const runs = Number(process.env['SINGLETRACK_PROPERTY_RUNS'] ?? 200)

/** What a user may do, and time that passes in between. */
type Action =
  | { readonly do: 'start' | 'stop' | 'restart' | 'tryRestart' | 'toWait' | 'run' | 'delete' }
  | {
      readonly do: 'stopWithSignal' | 'restartWithSignal' | 'tryRestartWithSignal'
      readonly graceMs: number
    }
  | { readonly do: 'signal'; readonly signal: 'SIGUSR1' | 'SIGSTOP' | 'SIGCONT' | 'SIGKILL' }
  | { readonly do: 'pass'; readonly ms: number }

const signals = ['SIGUSR1', 'SIGSTOP', 'SIGCONT', 'SIGKILL'] as const
const plain = ['start', 'stop', 'restart', 'tryRestart', 'toWait', 'run'] as const
const graceful = ['stopWithSignal', 'restartWithSignal', 'tryRestartWithSignal'] as const

const step: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...plain).map((name): Action => ({ do: name })) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...graceful), fc.nat(60))
      .map(([name, graceMs]): Action => ({ do: name, graceMs })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...signals).map((signal): Action => ({ do: 'signal', signal })),
  },
  { weight: 4, arbitrary: fc.nat(80).map((ms): Action => ({ do: 'pass', ms })) },
)

/** A deletion ends everything that follows, so it is rare. */
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 30, arbitrary: step },
  { weight: 1, arbitrary: fc.constant<Action>({ do: 'delete' }) },
)

const reactions = fc.record({
  SIGTERM: fc.oneof(fc.constant('ignore' as const), fc.record({ endsAfterMs: fc.nat(100) })),
  SIGUSR1: fc.constantFrom('ignore' as const, 'end' as const),
})

const living: fc.Arbitrary<FakeBehavior> = fc.record(
  {
    endsAfterMs: fc.nat(300),
    spawnTakesMs: fc.nat(20),
    onSignal: reactions,
    members: fc.array(fc.record({ endsAfterLeaderMs: fc.nat(3_000) }, { requiredKeys: [] }), {
      maxLength: 2,
    }),
  },
  { requiredKeys: ['onSignal'] },
)

const behavior: fc.Arbitrary<FakeBehavior> = fc.oneof(
  { weight: 6, arbitrary: living },
  { weight: 1, arbitrary: fc.constant<FakeBehavior>({ spawnFails: 'ENOENT' }) },
)

interface Sent {
  readonly action: Action
  readonly ticket: Ticket
}

/** Runs the actions, then lets everything come to an end. */
async function play(actions: readonly Action[], behaviors: readonly FakeBehavior[]) {
  const clock = new ManualClock()
  const processes = new FakeProcesses(
    clock,
    (_, index) => behaviors[index % behaviors.length] ?? {},
  )
  const { job, task } = startJob(server, { clock, spawn: processes.spawn })
  const events: JobEvent[] = []
  const sent: Sent[] = []
  let mostAlive = 0
  const served: number[] = []
  job.events.on((event) => {
    events.push(event)
    mostAlive = Math.max(mostAlive, processes.alive.length)
  })
  for (const [index, next] of actions.entries()) {
    switch (next.do) {
      case 'pass':
        await clock.advance(next.ms)
        break
      case 'run':
        sent.push({ action: next, ticket: job.run(() => served.push(index)) })
        break
      case 'signal':
        sent.push({ action: next, ticket: job.signal(next.signal) })
        break
      case 'stopWithSignal':
      case 'restartWithSignal':
      case 'tryRestartWithSignal':
        sent.push({ action: next, ticket: job[next.do]('SIGTERM', next.graceMs) })
        break
      default:
        sent.push({ action: next, ticket: job[next.do]() })
    }
  }
  // A stopped fake that nobody continues would live for ever, as a real one would.
  await clock.advance(1_000)
  const last = sent.at(-1)?.action.do
  const isRunningAfterLast = job.isRunning()
  const deleted = job.deleteNow()
  await clock.advance(10_000)
  await Promise.all([deleted, task])
  return { clock, processes, job, events, sent, served, mostAlive, last, isRunningAfterLast }
}

test('whatever is sent: one run at a time, every ticket settles, nothing is left', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 5, maxLength: 40 }),
      fc.array(behavior, { minLength: 1, maxLength: 3 }),
      async (actions, behaviors) => {
        const played = await play(actions, behaviors)
        expect(played.mostAlive).toBeLessThanOrEqual(1)
        expect(played.processes.alive).toEqual([])
        expect(played.clock.timerCount).toBe(0)
        for (const { ticket } of played.sent) expect(ticket.outcome).toBeDefined()
        expect(played.served).toEqual(played.served.toSorted((a, b) => a - b))

        // Runs do not overlap, and each that was spawned has finished.
        const turns = played.events.flatMap((event) =>
          event.kind === 'spawned' || event.kind === 'finished' ? [[event.kind, event.runId]] : [],
        )
        const expected = turns
          .filter(([kind]) => kind === 'spawned')
          .flatMap(([, runId]) => [
            ['spawned', runId],
            ['finished', runId],
          ])
        expect(turns).toEqual(expected)
      },
    ),
    { numRuns: runs },
  )
})

/**
 * The reference model: controls one after the other, each awaited, of a program that ends only when
 * it is told to. What is left is whether there is a run and how often one was spawned.
 */
function model(actions: readonly Action[]): {
  spawns: number
  isRunning: boolean
  outcomes: string[]
} {
  let spawns = 0
  let isRunning = false
  const outcomes: string[] = []
  const note = (isDone: boolean): void => void outcomes.push(isDone ? 'done' : 'skipped')
  for (const next of actions) {
    switch (next.do) {
      case 'start':
        note(!isRunning)
        if (!isRunning) spawns += 1
        isRunning = true
        break
      case 'restart':
      case 'restartWithSignal':
        note(true)
        spawns += 1
        isRunning = true
        break
      case 'tryRestart':
      case 'tryRestartWithSignal':
        note(isRunning)
        if (isRunning) spawns += 1
        break
      case 'stop':
      case 'stopWithSignal':
        note(isRunning)
        isRunning = false
        break
      case 'signal':
        note(isRunning)
        if (next.signal === 'SIGKILL') isRunning = false
        break
      case 'run':
        note(true)
        break
      case 'toWait':
      case 'pass':
      case 'delete':
        break
    }
  }
  return { spawns, isRunning, outcomes }
}

test('one control after the other does what the reference model says', async () => {
  const steps = step.filter(({ do: name }) => name !== 'toWait')
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 5, maxLength: 40 }), async (actions) => {
      const spaced = actions.flatMap((next): Action[] => [next, { do: 'pass', ms: 200 }])
      const obedient: FakeBehavior = {
        onSignal: { SIGTERM: { endsAfterMs: 30 }, SIGUSR1: 'ignore' },
      }
      const played = await play(spaced, [obedient])
      const expected = model(actions)
      expect({
        spawns: played.processes.all.length,
        isRunning: played.isRunningAfterLast,
        outcomes: played.sent.map(({ ticket }) => ticket.outcome?.status),
      }).toEqual(expected)
    }),
    { numRuns: runs },
  )
})

test('ten thousand starts and stops leave no timer and no process', async () => {
  const clock = new ManualClock()
  const processes = new FakeProcesses(clock, () => ({}))
  const { job } = startJob(server, { clock, spawn: processes.spawn })
  for (let round = 0; round < 10_000; round += 1) {
    void job.start()
    await job.stop()
    // Streams close in turns of their own, which a loop of settled promises never gives them.
    if (round % 50 === 0) await clock.settle()
  }
  expect(job.state).toMatchObject({ runId: 10_000 })
  expect(processes.alive).toEqual([])
  await job.delete()
  await clock.advance(200)
  expect(clock.timerCount).toBe(0)
})
